import { captchaOf } from './flow/captcha.tsx'
import type { Page, View } from './page.ts'

/**
 * The `Content-Security-Policy` of a page: no inline script, no inline style, nothing from other origins except the
 * logo of the project. `formTargets` are further origins (or schemes such as `https:`) that a submitted form may lead
 * to: browsers also apply `form-action` to redirects after a form submission, so that `return_to` URLs and social
 * sign-in providers have to be included.
 * Only the page of a caught email allows inline style: its frame inherits the policy of the page, and email has no
 * other way to be styled. The frame is sandboxed and scripts are still forbidden.
 * A form with a captcha admits what its provider documents that the widget needs.
 */
export function contentSecurityPolicy(page: Page, view: View, formTargets: readonly string[] = []): string {
  const clientLogo = 'client' in page ? page.client.logoUrl : undefined
  const logos = [view.project.logoUrl, view.project.logoDarkUrl, clientLogo]
    .map(originOf)
    .filter((origin) => origin !== undefined)
  const targets = 'flow' in page ? [originOf(page.flow.ui.action), ...formTargets] : formTargets
  const captcha = 'flow' in page ? captchaSources[captchaOf(page.flow.ui.nodes) ?? 'none'] : captchaSources.none
  const directives = [
    ['default-src', "'none'"],
    ['style-src', "'self'", ...(page.kind === 'mail' ? ["'unsafe-inline'"] : []), ...captcha.styles],
    ['script-src', "'self'", ...captcha.scripts],
    ...(captcha.frames.length > 0 ? [['frame-src', ...captcha.frames]] : []),
    ...(captcha.requests.length > 0 ? [['connect-src', ...captcha.requests]] : []),
    ['img-src', "'self'", 'data:', ...logos],
    ['form-action', "'self'", ...targets.filter(isSource)],
    ['base-uri', "'none'"],
    ['frame-ancestors', "'none'"],
  ]
  return directives.map((directive) => [...new Set(directive)].join(' ')).join('; ')
}

interface Sources {
  readonly scripts: readonly string[]
  readonly frames: readonly string[]
  readonly styles: readonly string[]
  readonly requests: readonly string[]
}

const turnstile = ['https://challenges.cloudflare.com']
const hcaptcha = ['https://hcaptcha.com', 'https://*.hcaptcha.com']
const recaptcha = ['https://www.google.com/recaptcha/', 'https://www.gstatic.com/recaptcha/']

/** What the providers of captchas document for the `Content-Security-Policy` of pages with their widget. */
const captchaSources: Readonly<Record<'turnstile' | 'hcaptcha' | 'recaptcha' | 'none', Sources>> = {
  turnstile: { scripts: turnstile, frames: turnstile, styles: [], requests: [] },
  hcaptcha: { scripts: hcaptcha, frames: hcaptcha, styles: hcaptcha, requests: hcaptcha },
  recaptcha: {
    scripts: recaptcha,
    frames: ['https://www.google.com/recaptcha/', 'https://recaptcha.google.com/recaptcha/'],
    styles: [],
    requests: ['https://www.google.com/recaptcha/'],
  },
  none: { scripts: [], frames: [], styles: [], requests: [] },
}

function originOf(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  const { protocol, origin } = new URL(address)
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined
}

function isSource(source: string | undefined): source is string {
  return source !== undefined && /^[a-z][a-z0-9+.-]*:(\/\/[^\s;,'"/]+)?$/i.test(source)
}

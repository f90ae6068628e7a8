import type { Page, View } from './page.ts'

/**
 * The `Content-Security-Policy` of a page: no inline script, no inline style, nothing from other origins except the
 * logo of the project. `formTargets` are further origins (or schemes such as `https:`) that a submitted form may lead
 * to: browsers also apply `form-action` to redirects after a form submission, so that `return_to` URLs and social
 * sign-in providers have to be included.
 * Only the page of a caught email allows inline style: its frame inherits the policy of the page, and email has no
 * other way to be styled. The frame is sandboxed and scripts are still forbidden.
 */
export function contentSecurityPolicy(page: Page, view: View, formTargets: readonly string[] = []): string {
  const logos = [view.project.logoUrl, view.project.logoDarkUrl].map(originOf).filter((origin) => origin !== undefined)
  const targets = 'flow' in page ? [originOf(page.flow.ui.action), ...formTargets] : formTargets
  const directives = [
    ['default-src', "'none'"],
    ['style-src', "'self'", ...(page.kind === 'mail' ? ["'unsafe-inline'"] : [])],
    ['script-src', "'self'"],
    ['img-src', "'self'", 'data:', ...logos],
    ['form-action', "'self'", ...targets.filter(isSource)],
    ['base-uri', "'none'"],
    ['frame-ancestors', "'none'"],
  ]
  return directives.map((directive) => [...new Set(directive)].join(' ')).join('; ')
}

function originOf(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  const { protocol, origin } = new URL(address)
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined
}

function isSource(source: string | undefined): source is string {
  return source !== undefined && /^[a-z][a-z0-9+.-]*:(\/\/[^\s;,'"/]+)?$/i.test(source)
}

import { ApiError } from '@latchkey/api'
import { getPublicSuffix } from 'tldts'
import type { Context } from '../../kernel/context.ts'
import { publicUrl } from './urls.ts'

/**
 * Validates the requested `return_to` URL. Returns undefined if there is none.
 * The scheme, host, and port must be those of an allowed URL, and its path must be a prefix in whole segments.
 * Throws 400 for other URLs.
 */
export function checkedReturnTo(ctx: Context, asked: string | null | undefined): string | undefined {
  if (!asked) return undefined
  if (misleads(asked)) throw ApiError.returnToForbidden()
  if (isRelative(asked)) return asked
  if (!URL.canParse(asked)) throw ApiError.badRequest({ reason: 'return_to is not an address.' })
  const url = new URL(asked)
  // Users may mistake the userinfo before the @ for the host.
  if (url.username || url.password) throw ApiError.returnToForbidden()
  const { default_browser_return_url: fallback, allowed_return_urls: allowed } = ctx.config.identity.selfservice
  const base = ctx.config.identity.serve.public.base_url
  const list = [fallback, ...allowed].filter((one) => URL.canParse(one, base)).map((one) => new URL(one, base))
  if (covers(publicUrl(ctx, 'self-service'), url) || isAuthorization(ctx, url)) return asked
  const own = ctx.config.identity.selfservice.flows
  for (const { ui_url: page } of [own.login, own.registration, own.settings, own.recovery, own.verification]) {
    if (URL.canParse(page, base) && new URL(page, base).href === url.href) return asked
  }
  if (list.some((one) => covers(one, url))) return asked
  throw ApiError.returnToForbidden()
}

/** Whether a URL begins the authorization of an application again, at the OAuth 2.0 server of the same project. */
function isAuthorization({ config }: Context, url: URL): boolean {
  const { isJoined, urls } = config.oauth2
  if (!isJoined) return false
  const base = urls.self.public.replace(/\/+$/, '')
  return ['/oauth2/auth', '/oauth2/device/verify'].some((path) => {
    const { protocol, host, pathname } = new URL(base + path)
    return url.protocol === protocol && url.host === host && url.pathname === pathname
  })
}

/**
 * Whether browsers, or the server of an allowed path, might parse the URL differently: they treat backslashes as
 * slashes, remove tabs and line breaks, and decode percent-encoded dots and slashes, once or twice.
 */
function misleads(asked: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(asked)) return true
  const [path = ''] = asked.split(/[?#]/)
  const decoded = path.replace(/%(25)*2e/gi, '.').replace(/%(25)*(2f|5c)/gi, '/')
  return decoded.split('/').includes('..')
}

/** Whether the URL is a path of the same origin. */
function isRelative(asked: string): boolean {
  return /^\/(?!\/)/.test(asked)
}

function covers(allowed: URL, url: URL): boolean {
  if (allowed.protocol !== url.protocol || !coversHost(allowed, url)) return false
  const path = allowed.pathname.replace(/\/+$/, '')
  return path === '' || url.pathname === path || url.pathname.startsWith(`${path}/`)
}

/**
 * As in Kratos, a host such as `*.example.org` allows the subdomains but not the domain itself, and nothing at all if
 * anybody can register a name below the domain (a public suffix).
 */
function coversHost(allowed: URL, { host }: URL): boolean {
  const [pattern, asked] = [allowed.host.toLowerCase(), host.toLowerCase()]
  if (!pattern.startsWith('*.')) return pattern === asked
  const domain = allowed.hostname.slice(2).toLowerCase()
  if (getPublicSuffix(domain, { allowPrivateDomains: true }) === domain) return false
  return asked.endsWith(pattern.slice(1)) && asked.length > pattern.length - 1
}

/** The URL to redirect to after a flow: the requested one, the default of the flow, or the default of the project. */
export function destination(
  ctx: Context,
  returnTo: string | undefined,
  ...defaults: readonly (string | undefined)[]
): string {
  const base = ctx.config.identity.serve.public.base_url
  const usual = ctx.config.identity.selfservice.default_browser_return_url
  // Paths are relative to the application, which is the origin of the default URL.
  if (returnTo) return isRelative(returnTo) ? new URL(returnTo, new URL(usual, base)).toString() : returnTo
  return new URL(defaults.find(Boolean) ?? usual, base).toString()
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { publicUrl } from './urls.ts'

/**
 * The address to go to at the end, as asked for and allowed. Undefined if none was asked for.
 * Scheme, host and port must equal an allowed address', the path must begin with its whole segments.
 * Throws 400 for any other address.
 */
export function checkedReturnTo(ctx: Context, asked: string | null | undefined): string | undefined {
  if (!asked) return undefined
  if (misleads(asked)) throw ApiError.returnToForbidden()
  if (isRelative(asked)) return asked
  if (!URL.canParse(asked)) throw ApiError.badRequest({ reason: 'return_to is not an address.' })
  const url = new URL(asked)
  // People take what stands before an @ for the host.
  if (url.username || url.password) throw ApiError.returnToForbidden()
  const { default_browser_return_url: fallback, allowed_return_urls: allowed } = ctx.config.identity.selfservice
  const base = ctx.config.identity.serve.public.base_url
  const list = [fallback, ...allowed].filter((one) => URL.canParse(one, base)).map((one) => new URL(one, base))
  if (covers(publicUrl(ctx, 'self-service'), url)) return asked
  const own = ctx.config.identity.selfservice.flows
  for (const { ui_url: page } of [own.login, own.registration, own.settings, own.recovery, own.verification]) {
    if (URL.canParse(page, base) && new URL(page, base).href === url.href) return asked
  }
  if (list.some((one) => covers(one, url))) return asked
  throw ApiError.returnToForbidden()
}

/**
 * Whether browsers, or what stands behind an allowed path, might read an address otherwise than we do: they take
 * backslashes for slashes, drop tabs and line breaks, and decode dots and slashes that were encoded, once or twice.
 */
function misleads(asked: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(asked)) return true
  const [path = ''] = asked.split(/[?#]/)
  const decoded = path.replace(/%(25)*2e/gi, '.').replace(/%(25)*(2f|5c)/gi, '/')
  return decoded.split('/').includes('..')
}

/** A path on the page's own origin. */
function isRelative(asked: string): boolean {
  return /^\/(?!\/)/.test(asked)
}

function covers(allowed: URL, url: URL): boolean {
  if (allowed.protocol !== url.protocol || allowed.host.toLowerCase() !== url.host.toLowerCase()) return false
  const path = allowed.pathname.replace(/\/+$/, '')
  return path === '' || url.pathname === path || url.pathname.startsWith(`${path}/`)
}

/** Where a browser goes on after a flow: what was asked for, else the flow's own default, else the project's. */
export function destination(
  ctx: Context,
  returnTo: string | undefined,
  ...defaults: readonly (string | undefined)[]
): string {
  const base = ctx.config.identity.serve.public.base_url
  const usual = ctx.config.identity.selfservice.default_browser_return_url
  // A path is one of the application, where the default leads too.
  if (returnTo) return isRelative(returnTo) ? new URL(returnTo, new URL(usual, base)).toString() : returnTo
  return new URL(defaults.find(Boolean) ?? usual, base).toString()
}

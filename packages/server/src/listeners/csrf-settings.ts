import type { Context } from '../kernel/context.ts'
import { type CsrfSettings, csrfCookieName } from '../kernel/http/index.ts'

const csrfByConfig = new WeakMap<object, CsrfSettings>()

export function csrfSettings(ctx: Context): CsrfSettings {
  const { identity } = ctx.config
  const known = csrfByConfig.get(identity)
  if (known) return known
  const { cookies, dev, serve } = identity
  const secure = cookies.secure ?? !dev
  const cookie = {
    path: cookies.path,
    domain: cookies.domain,
    secure,
    sameSite: secure ? cookies.same_site : ('Lax' as const),
  }
  const made = { cookieName: csrfCookieName(serve.public.base_url), cookie }
  csrfByConfig.set(identity, made)
  return made
}

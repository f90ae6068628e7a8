import { hash } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import { type Call, setCookie } from '../../kernel/http/index.ts'
import { sameText } from '../../kernel/keys.ts'
import { oauth2Cookie } from '../cookie.ts'
import { cookieKeys } from '../cookie-keys.ts'
import { requestForbidden } from '../errors.ts'

type CookieName = Parameters<typeof oauth2Cookie>[1]

/**
 * The values of cookies are authenticated, and bound to the project and the name: the id of a login session is in ID
 * tokens too, and must not be worth anything as a cookie.
 */
function withMac(ctx: Context, name: string, value: string): string {
  return `${value}.${cookieKeys(ctx).mac('oauth2 cookie', `${ctx.project.id}/${name}/${value}`)}`
}

function withoutMac(ctx: Context, name: string, cookie: string): string | undefined {
  const end = cookie.lastIndexOf('.')
  if (end <= 0) return undefined
  const value = cookie.slice(0, end)
  const macs = cookieKeys(ctx).macs('oauth2 cookie', `${ctx.project.id}/${name}/${value}`)
  return macs.some((mac) => sameText(mac, cookie.slice(end + 1))) ? value : undefined
}

/** The id in the session cookie. */
export function sessionIdIn(ctx: Context, call: Call): string | undefined {
  const { name } = oauth2Cookie(ctx.config.oauth2, 'session')
  for (const cookie of call.cookies(name)) {
    const id = withoutMac(ctx, name, cookie)
    if (id) return id
  }
  return undefined
}

export function newSessionCookie(ctx: Context, id: string, maxAgeSeconds: number): string {
  const { name, ...options } = oauth2Cookie(ctx.config.oauth2, 'session')
  return setCookie(
    name,
    withMac(ctx, name, id),
    withoutUndefined({ ...options, maxAgeSeconds, nowMs: ctx.clock.now() }),
  )
}

export function removedSessionCookie(ctx: Context): string {
  const { name, ...options } = oauth2Cookie(ctx.config.oauth2, 'session')
  return setCookie(name, '', withoutUndefined({ ...options, maxAgeSeconds: 0 }))
}

/** A cookie that binds a verifier to the browser in which the request began. */
export function csrfCookie(ctx: Context, which: CookieName, clientId: string | undefined, csrf: string): string {
  const { name, ...options } = oauth2Cookie(ctx.config.oauth2, which)
  const full = withSuffix(name, clientId)
  const maxAgeSeconds = Math.floor(ctx.config.oauth2.ttl.login_consent_request / 1000)
  return setCookie(
    full,
    withMac(ctx, full, csrf),
    withoutUndefined({ ...options, maxAgeSeconds, nowMs: ctx.clock.now() }),
  )
}

/** @throws request_forbidden in another browser than the one in which the request began */
export function requireCsrf(
  ctx: Context,
  call: Call,
  { which, clientId, csrf }: { which: CookieName; clientId: string | undefined; csrf: string },
): void {
  const { name } = oauth2Cookie(ctx.config.oauth2, which)
  const full = withSuffix(name, clientId)
  const isRight = call.cookies(full).some((cookie) => {
    const value = withoutMac(ctx, full, cookie)
    return value !== undefined && sameText(value, csrf)
  })
  if (!isRight) throw requestForbidden('The request belongs to another browser, or its cookie is missing.')
}

/** Each client has cookies of its own, so that several can ask at the same time. */
function withSuffix(name: string, clientId: string | undefined): string {
  if (clientId === undefined) return name
  return `${name}_${hash('sha256', clientId, 'buffer').readUInt32BE(0)}`
}

function withoutUndefined<T extends { domain: string | undefined }>({ domain, ...options }: T) {
  return { ...options, ...(domain !== undefined && { domain }) }
}

import type { Context } from '../../kernel/context.ts'
import { type Call, setCookie } from '../../kernel/http/index.ts'
import { sameText } from '../../kernel/keys.ts'
import { cookieAttributes, cookieName } from '../cookie.ts'

/**
 * How long a request may be on its way: the cookie is accepted so much longer than browsers keep it, and a session so
 * long without the cookie after it was bound.
 */
export const transitMs = 30_000

/** The name of the cookie that a bound session needs beside its own. */
export function boundCookieName(ctx: Context): string {
  return `${cookieName(ctx)}_bound`
}

/** The Set-Cookie header of a device that has just proved that it has the key of the session. */
export function boundCookie(ctx: Context, sessionId: string): string {
  const { refresh_lifespan: lifespanMs } = ctx.config.identity.session.device_bound
  const nowMs = ctx.clock.now()
  const end = (nowMs + lifespanMs + transitMs).toString(36)
  const mac = ctx.keys.mac('device-bound cookie', messageOf(ctx, sessionId, end))
  const maxAgeSeconds = Math.floor(lifespanMs / 1000)
  return setCookie(boundCookieName(ctx), `${end}.${mac}`, { ...cookieAttributes(ctx), maxAgeSeconds, nowMs })
}

/** The Set-Cookie header that removes the cookie. */
export function removedBoundCookie(ctx: Context): string {
  return setCookie(boundCookieName(ctx), '', { ...cookieAttributes(ctx), maxAgeSeconds: 0 })
}

/** The attributes of the cookie as session instructions name them: without its lifespan. */
export function boundCookieAttributes(ctx: Context): string {
  return setCookie('', '', cookieAttributes(ctx)).slice('=; '.length)
}

/** When the cookies of a request that were issued for a session end, in milliseconds since the Unix epoch. */
export function boundCookieEnds(ctx: Context, call: Pick<Call, 'cookies'>, sessionId: string): number[] {
  return call.cookies(boundCookieName(ctx)).flatMap((value) => {
    const [end = '', mac = ''] = value.split('.')
    if (!/^[0-9a-z]{1,10}$/.test(end)) return []
    const macs = ctx.keys.macs('device-bound cookie', messageOf(ctx, sessionId, end))
    return macs.some((one) => sameText(one, mac)) ? [Number.parseInt(end, 36)] : []
  })
}

function messageOf({ project }: Context, sessionId: string, end: string): string {
  return `${project.id} ${sessionId} ${end}`
}

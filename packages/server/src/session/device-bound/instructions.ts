import type { BoundSessionInstructions } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { json } from '../../kernel/http/index.ts'
import { cookieAttributes } from '../cookie.ts'
import { boundCookie, boundCookieAttributes, boundCookieName } from './cookie.ts'
import { deviceBoundUrls } from './urls.ts'

/** The answer to a device that has proved that it has the key: its cookie, and how to keep it (JSON session instructions). */
export function boundReply(ctx: Context, sessionId: string) {
  const cookies = [boundCookie(ctx, sessionId)]
  return json(200, instructions(ctx, sessionId), { cookies, headers: { 'cache-control': 'no-store' } })
}

function instructions(ctx: Context, sessionId: string): BoundSessionInstructions {
  const { origin, refresh } = deviceBoundUrls(ctx)
  const { domain, sameSite } = cookieAttributes(ctx)
  const isSiteWide = ctx.config.identity.session.device_bound.scope === 'site'
  return {
    session_identifier: sessionId,
    refresh_url: refresh,
    scope: { origin: isSiteWide && domain ? withHost(origin, domain) : origin, include_site: isSiteWide },
    credentials: [{ type: 'cookie', name: boundCookieName(ctx), attributes: boundCookieAttributes(ctx) }],
    // Without these, a link from another site leads to a page on which nobody seems to be signed in. Where the cookie is
    // sent with every request of other sites, they could measure whether somebody is.
    allowed_refresh_initiators: sameSite === 'None' ? [] : ['*'],
  }
}

function withHost(origin: string, host: string): string {
  const url = new URL(origin)
  url.hostname = host.replace(/^\./, '')
  return url.origin
}

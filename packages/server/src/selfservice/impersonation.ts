import { ApiError, type ImpersonateIdentityBody, type Impersonation } from '@latchkey/api'
import { queueMessage } from '../courier/index.ts'
import { findIdentity, type Identity, parseId, publicView } from '../identity/index.ts'
import { isDeliverable } from '../kernel/address.ts'
import { timestamp } from '../kernel/clock.ts'
import { parseDurationMs } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { impersonate, sessionCookie, sessionView } from '../session/index.ts'

const maxTextLength = 500

/**
 * Creates a session in which an administrator acts as an identity, and tells the identity by email. Throws 404 while
 * impersonation is disabled or if there is no such identity, 409 if the identity is inactive, and 400 for a missing
 * reason or a lifespan above `session.impersonation.max_lifespan`.
 */
export async function impersonateIdentity(
  ctx: Context,
  client: Call,
  { id: idText, ...asked }: Partial<ImpersonateIdentityBody> & { id: string },
): Promise<Impersonation> {
  const settings = ctx.config.identity.session.impersonation
  if (!settings.enabled) throw ApiError.notFound({ reason: 'Impersonation is switched off.' })
  const lifespanMs = lifespanOf(ctx, asked.lifespan)
  const actor = actorOf(ctx, asked)
  const id = parseId(idText)
  const { type = 'api' } = asked
  if (type !== 'api' && type !== 'browser')
    throw ApiError.badRequest({ reason: 'The member type must be api or browser.' })
  const carrier = type === 'browser' ? 'cookie' : 'token'
  return ctx.transaction(async (tx) => {
    const identity = id && (await findIdentity(tx, id))
    if (!identity) throw ApiError.notFound()
    if (identity.document.state !== 'active') throw ApiError.conflict({ reason: 'The identity is inactive.' })
    const { session, token } = await impersonate(tx, client, { identity, actor, lifespanMs, carrier })
    if (settings.notify) await notifyImpersonated(tx, identity, { reason: actor.reason, expiresAt: session.expiresAt })
    const shown = { ...sessionView(session, ctx.clock.now()), identity: publicView(ctx, identity) }
    const secret = carrier === 'cookie' ? { session_cookie: sessionCookie(ctx, token) } : { session_token: token }
    return { session: shown as Impersonation['session'], ...secret }
  })
}

function lifespanOf(ctx: Context, asked: string | undefined): number {
  const { lifespan, max_lifespan: longest } = ctx.config.identity.session.impersonation
  if (!asked) return Math.min(lifespan, longest)
  const ms = parseDurationMs(asked)
  if (!(ms > 0 && ms <= longest))
    throw ApiError.badRequest({ reason: `The lifespan must be over zero and at most ${longest / 1000} seconds.` })
  return ms
}

/** The name that the administrator gives, or else the token of the admin API. */
function actorOf(ctx: Context, { reason = '', actor = '' }: Partial<ImpersonateIdentityBody>) {
  if (reason.trim() === '') throw ApiError.badRequest({ reason: 'The member reason must say why.' })
  if (reason.length > maxTextLength || actor.length > maxTextLength)
    throw ApiError.badRequest({ reason: `The members reason and actor may have at most ${maxTextLength} characters.` })
  const { type, id } = ctx.actor
  return { sub: actor.trim() || (id ? `${type}:${id}` : type), reason: reason.trim() }
}

/** Tells every verified email address, or else all of them, so that no impersonation stays unnoticed. */
async function notifyImpersonated(
  ctx: Context,
  identity: Identity,
  { reason, expiresAt }: { reason: string; expiresAt: number },
): Promise<void> {
  const all = (identity.document.verifiable_addresses ?? []).filter(
    (address) => address.via === 'email' && isDeliverable(address),
  )
  const verified = all.filter((address) => address.verified)
  for (const { value } of verified.length > 0 ? verified : all) {
    const data = { to: value, identity: publicView(ctx, identity), reason, expires_at: timestamp(expiresAt) }
    await queueMessage(ctx, 'impersonation_started', data, { via: 'email' })
  }
}

import { record } from '../event/index.ts'
import { type Identity, secondFactors } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { highestAal } from './available-aal.ts'
import { type Client, type IssuedSession, newSession } from './issue.ts'
import type { SessionActor } from './record.ts'
import { insertSession } from './store.ts'

/** Who acts for whom, why, and for how long. */
export interface Impersonation {
  readonly identity: Identity
  readonly actor: SessionActor
  readonly lifespanMs: number
  readonly carrier: 'token' | 'cookie'
}

/**
 * Creates and stores a session in which an administrator acts as somebody else (the claim `act` of RFC 8693, section
 * 4.1). Nobody has authenticated in it, so it lists no methods; its assurance level is the highest that the identity
 * can reach, so that whoami asks for no second factor.
 */
export async function impersonate(
  ctx: Context,
  client: Client,
  { identity, actor, lifespanMs, carrier }: Impersonation,
): Promise<IssuedSession> {
  const { id } = identity.document
  const { session, token } = newSession(ctx, client, { identityId: id, proofs: [], carrier })
  const aal = highestAal(ctx, secondFactors(identity))
  const acting = { ...session, aal, act: actor, expiresAt: session.issuedAt + lifespanMs }
  await ctx.transaction(async (tx) => {
    await insertSession(tx, acting, tokenHash(token))
    await record(tx, 'IdentityImpersonated', {
      IdentityID: id,
      SessionID: acting.id,
      ImpersonationActor: actor.sub,
      ImpersonationReason: actor.reason,
    })
  })
  return { session: acting, token }
}

import { record } from '../event/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { type AuthenticationMethod, assuranceLevel, type Device, type Session } from './record.ts'
import { insertSession, updateSession } from './store.ts'

/** A new session and the secret that stands for it: a session token or the value of a cookie. */
export interface IssuedSession {
  session: Session
  token: string
}

/** Where a person signs in from. A request has these members. */
export interface Client {
  readonly ip: string
  readonly userAgent: string
}

/** How a person proved who they are. */
export type Proof = Pick<AuthenticationMethod, 'method' | 'aal' | 'provider'>

/** Starts a session for an identity that has just given these proofs, and stores it. */
export async function issueSession(
  ctx: Context,
  client: Client,
  who: { identityId: string; proofs: readonly Proof[]; carrier: 'token' | 'cookie' },
): Promise<IssuedSession> {
  const now = ctx.clock.now()
  const methods = who.proofs.map((proof) => completed(proof, now))
  const session: Session = {
    id: ctx.random.orderedUuid(),
    identityId: who.identityId,
    active: true,
    aal: assuranceLevel(methods),
    authenticatedAt: now,
    issuedAt: now,
    expiresAt: now + ctx.config.identity.session.lifespan,
    methods,
    devices: [deviceOf(ctx, client)],
  }
  const token = who.carrier === 'token' ? `ory_st_${ctx.random.token(32)}` : ctx.random.token(43)
  const hashes = { token: tokenHash(token), logoutToken: tokenHash(ctx.random.token(32)) }
  await ctx.transaction(async (tx) => {
    await insertSession(tx, session, hashes)
    await record(tx, 'SessionIssued', attributesOf(session))
  })
  return { session, token }
}

/** Adds a proof to a session: a second factor, or the same person once more. */
export async function proveAgain(ctx: Context, client: Client, session: Session, proof: Proof): Promise<Session> {
  const now = ctx.clock.now()
  const methods = [...session.methods, completed(proof, now)]
  const device = deviceOf(ctx, client)
  const known = session.devices.some((d) => d.ip_address === device.ip_address && d.user_agent === device.user_agent)
  // The list is bounded: the newest devices are kept.
  const devices = known ? session.devices : [...session.devices, device].slice(-20)
  const proven = {
    ...session,
    methods: methods.slice(-50),
    aal: assuranceLevel(methods),
    authenticatedAt: now,
    devices,
  }
  await ctx.transaction(async (tx) => {
    await updateSession(tx, proven)
    await record(tx, 'SessionChanged', attributesOf(proven))
  })
  return proven
}

function completed(proof: Proof, now: number): AuthenticationMethod {
  return { ...proof, completed_at: timestamp(now) }
}

function deviceOf(ctx: Context, { ip, userAgent }: Client): Device {
  return { id: ctx.random.uuid(), ip_address: ip, user_agent: userAgent || null, location: '' }
}

function attributesOf({ id, identityId, aal }: Session) {
  return { IdentityID: identityId, SessionID: id, SessionAAL: aal }
}

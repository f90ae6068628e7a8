import { record } from '../event/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { type AuthenticationMethod, assuranceLevel, type Device, type Session } from './record.ts'
import { insertSession, updateSession } from './store.ts'

/** A new session and its secret: a session token or a cookie value. */
export interface IssuedSession {
  session: Session
  token: string
}

/** The device and network that a person signs in from. A request has these properties. */
export interface Client {
  readonly ip: string
  readonly userAgent: string
}

/** A completed authentication method. */
export type Proof = Omit<AuthenticationMethod, 'completed_at'>

/** Whom a session is for, how they have just authenticated, and whether a token or a cookie carries its secret. */
interface NewSession {
  readonly identityId: string
  readonly proofs: readonly Proof[]
  readonly carrier: 'token' | 'cookie'
}

/** Creates and stores a session for an identity that has just authenticated with these proofs. */
export async function issueSession(ctx: Context, client: Client, who: NewSession): Promise<IssuedSession> {
  const issued = newSession(ctx, client, who)
  await storeSession(ctx, issued)
  return issued
}

/** Creates a session without storing it, so that it is worth nothing yet. */
export function newSession(ctx: Context, client: Client, who: NewSession): IssuedSession {
  const now = ctx.clock.now()
  const methods = who.proofs.map((proof) => toMethodRecord(proof, now))
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
  return { session, token: who.carrier === 'token' ? `ory_st_${ctx.random.token(32)}` : ctx.random.token(43) }
}

/** Stores a session that `newSession` created. */
export function storeSession(ctx: Context, { session, token }: IssuedSession): Promise<void> {
  return ctx.transaction(async (tx) => {
    await insertSession(tx, session, tokenHash(token))
    await record(tx, 'SessionIssued', attributesOf(session))
  })
}

/** Adds a proof to a session and stores it: a second factor or a reauthentication. */
export async function proveAgain(ctx: Context, client: Client, session: Session, proof: Proof): Promise<Session> {
  const proven = withProof(ctx, client, { session, proof })
  await storeProof(ctx, proven)
  return proven
}

/** A session with another proof, which is not stored yet. */
export function withProof(
  ctx: Context,
  client: Client,
  { session, proof }: { session: Session; proof: Proof },
): Session {
  const now = ctx.clock.now()
  const methods = [...session.methods, toMethodRecord(proof, now)]
  const device = deviceOf(ctx, client)
  const known = session.devices.some((d) => d.ip_address === device.ip_address && d.user_agent === device.user_agent)
  // The list is bounded: only the most recent devices are kept.
  const devices = known ? session.devices : [...session.devices, device].slice(-20)
  return { ...session, methods: methods.slice(-50), aal: assuranceLevel(methods), authenticatedAt: now, devices }
}

/** Stores a session that `withProof` returned. */
export function storeProof(ctx: Context, session: Session): Promise<void> {
  return ctx.transaction(async (tx) => {
    await updateSession(tx, session)
    await record(tx, 'SessionChanged', attributesOf(session))
  })
}

function toMethodRecord(proof: Proof, now: number): AuthenticationMethod {
  return { ...proof, completed_at: timestamp(now) }
}

function deviceOf(ctx: Context, { ip, userAgent }: Client): Device {
  return { id: ctx.random.uuid(), ip_address: ip, user_agent: userAgent || null, location: '' }
}

function attributesOf({ id, identityId, aal }: Session) {
  return { IdentityID: identityId, SessionID: id, SessionAAL: aal }
}

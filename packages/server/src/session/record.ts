import type { AuthenticatorAssuranceLevel } from '@latchkey/api'
import { timestamp } from '../kernel/clock.ts'
import type { NewSessionRow, ReadSessionRow } from './tables.ts'

export type Aal = AuthenticatorAssuranceLevel

/** A completed authentication method, as in the API. */
export interface AuthenticationMethod {
  method: string
  aal?: Aal
  completed_at: string
  provider?: string
  organization?: string
  /** What the ID token of the provider states of the authentication there. */
  upstream_acr?: string
  upstream_amr?: readonly string[]
}

/** A device that a session was used from, as in the API. */
export interface Device {
  id: string
  ip_address: string
  user_agent: string | null
  location: string
}

/** Who acts in a session of somebody else, and why. */
export interface SessionActor {
  sub: string
  reason: string
}

/** A stored session. Times are milliseconds since the Unix epoch. */
export interface Session {
  id: string
  identityId: string
  active: boolean
  aal: Aal
  authenticatedAt: number
  issuedAt: number
  expiresAt: number
  methods: AuthenticationMethod[]
  devices: Device[]
  /** Set if an administrator acts in the session. */
  act?: SessionActor
  /** Since when it is bound to a device; absent if it is not. */
  boundAt?: number
}

export function fromRow(row: ReadSessionRow): Session {
  return {
    id: row.id,
    identityId: row.identity_id,
    active: row.active === 1,
    aal: row.aal as Aal,
    authenticatedAt: row.authenticated_at,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    methods: JSON.parse(row.methods),
    devices: JSON.parse(row.devices),
    ...(row.act !== null && { act: JSON.parse(row.act) }),
    ...(row.bound_at !== null && { boundAt: row.bound_at }),
  }
}

export function toRow(session: Session, tokenHash: string): NewSessionRow {
  return {
    id: session.id,
    identity_id: session.identityId,
    token_hash: tokenHash,
    active: session.active ? 1 : 0,
    aal: session.aal,
    authenticated_at: session.authenticatedAt,
    issued_at: session.issuedAt,
    expires_at: session.expiresAt,
    methods: JSON.stringify(session.methods),
    devices: JSON.stringify(session.devices),
    act: session.act ? JSON.stringify(session.act) : null,
  }
}

/**
 * The assurance level of a set of proofs (Kratos: two different factors make aal2). A provider that is configured to
 * vouch for aal2 has checked both factors itself.
 */
export function assuranceLevel(methods: readonly AuthenticationMethod[]): Aal {
  const levels = new Set(methods.map(({ aal }) => aal))
  if (levels.has('aal1') && levels.has('aal2')) return 'aal2'
  if (methods.some(({ aal, provider }) => aal === 'aal2' && provider !== undefined)) return 'aal2'
  if (levels.has('aal1') || levels.has('aal2')) return 'aal1'
  return methods.length > 0 ? 'aal1' : 'aal0'
}

/** A session as in the API, without its identity. */
export function sessionView(session: Session, nowMs: number) {
  return {
    id: session.id,
    active: session.active && session.expiresAt > nowMs,
    expires_at: timestamp(session.expiresAt),
    authenticated_at: timestamp(session.authenticatedAt),
    authenticator_assurance_level: session.aal,
    authentication_methods: session.methods,
    issued_at: timestamp(session.issuedAt),
    devices: session.devices,
    ...(session.act && { act: session.act }),
  }
}

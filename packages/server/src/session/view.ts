import { ApiError } from '@latchkey/api'
import { type IdentityDocument, publicText } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { fromRow, sessionView } from './record.ts'
import type { SessionWithIdentity } from './store.ts'
import type { ReadSessionRow } from './tables.ts'

/** The optional parts of a session's representation. */
export interface Expansion {
  identity: boolean
  devices: boolean
}

/** Parses `expand`, case-insensitively; values other than identity and devices cause a 400. */
export function parseExpansion(asked: readonly string[] = []): Expansion {
  const words = asked.map((word) => word.toLowerCase())
  if (words.some((word) => word !== 'identity' && word !== 'devices')) {
    throw ApiError.badRequest({ reason: 'The parameter expand must be identity or devices.' })
  }
  return { identity: words.includes('identity'), devices: words.includes('devices') }
}

/** A session with the state of its identity. */
type Row = ReadSessionRow & Pick<SessionWithIdentity, 'state'>

/**
 * A session as JSON for administrators; `identity` and `devices` are JSON already. Shown with its identity, a session
 * of an inactive one is inactive too (Kratos).
 */
export function sessionJson(
  ctx: Context,
  row: Row,
  { identity, devices }: { identity: string; devices: string },
): string {
  const { devices: _, ...view } = sessionView(fromRow(row), ctx.clock.now())
  if (identity !== 'null' && row.state !== 'active') view.active = false
  return `${JSON.stringify(view).slice(0, -1)},"identity":${identity},"devices":${devices}}`
}

/** In listings, the identity of a session has no addresses, as in Kratos. */
export function withoutAddresses(ctx: Context, document: string, schemaId: string): string {
  const { verifiable_addresses: _v, recovery_addresses: _r, ...rest } = JSON.parse(document) as IdentityDocument
  return publicText(ctx, JSON.stringify(rest), schemaId)
}

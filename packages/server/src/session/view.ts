import { ApiError } from '@latchkey/api'
import { type IdentityDocument, publicText } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { fromRow, sessionView } from './record.ts'
import type { SessionRow } from './tables.ts'

/** What a session is shown with beyond itself. */
export interface Expansion {
  identity: boolean
  devices: boolean
}

/** Parses `expand`, in any letter case; another word than identity or devices is a 400. */
export function parseExpansion(asked: readonly string[] = []): Expansion {
  const words = asked.map((word) => word.toLowerCase())
  if (words.some((word) => word !== 'identity' && word !== 'devices')) {
    throw ApiError.badRequest({ reason: 'The parameter expand must be identity or devices.' })
  }
  return { identity: words.includes('identity'), devices: words.includes('devices') }
}

type Row = Omit<SessionRow, 'token_hash' | 'logout_token_hash'>

/** A session as administrators see it, as JSON; `identity` and `devices` are JSON themselves. */
export function sessionJson(
  ctx: Context,
  row: Row,
  { identity, devices }: { identity: string; devices: string },
): string {
  const { devices: _, ...view } = sessionView(fromRow(row), ctx.clock.now())
  return `${JSON.stringify(view).slice(0, -1)},"identity":${identity},"devices":${devices}}`
}

/** The identity of a listed session comes without its addresses, as with Kratos. */
export function withoutAddresses(ctx: Context, document: string, schemaId: string): string {
  const { verifiable_addresses: _v, recovery_addresses: _r, ...rest } = JSON.parse(document) as IdentityDocument
  return publicText(ctx, JSON.stringify(rest), schemaId)
}

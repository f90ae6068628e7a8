import { ApiError, type ErrorParts } from '@latchkey/api'
import { type Identity, fromRow as identityFromRow } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { actingAs } from '../kernel/derived-context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { fromRow, type Session } from './record.ts'
import { findListed, findWithCredentials } from './store.ts'

/** An active session and its identity. */
export interface Signed {
  session: Session
  identity: Identity
}

/** The active session of a session secret, with its identity. */
export async function findSignedIn(ctx: Context, token: string): Promise<Signed | undefined> {
  const row = await findWithCredentials(ctx, tokenHash(token))
  return row && { session: fromRow(row), identity: identityFromRow(ctx, { ...row, metadata_admin: null }) }
}

/** The active session with an id, with its identity without credentials. */
export async function findActiveSession(ctx: Context, id: string): Promise<Signed | undefined> {
  const row = await findListed(ctx, id)
  if (row?.active !== 1 || row.expires_at <= ctx.clock.now() || row.state !== 'active') return undefined
  return { session: fromRow(row), identity: identityFromRow(ctx, { ...row, metadata_admin: null, credentials: '{}' }) }
}

/** A context whose actor is a signed-in person. */
export function actingAsOwner(ctx: Context, { session }: Pick<Signed, 'session'>): Context {
  return actingAs(ctx, { type: 'session', id: session.identityId })
}

export function unauthenticatedError(parts?: Pick<ErrorParts, 'headers'>): ApiError {
  return ApiError.unauthorized({ reason: 'No session in force was found in this request.', ...parts })
}

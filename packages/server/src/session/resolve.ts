import { ApiError } from '@latchkey/api'
import { type Identity, fromRow as identityFromRow } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { actingAs } from '../kernel/derived-context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { fromRow, type Session } from './record.ts'
import { findWithCredentials } from './store.ts'

/** A session in force, and who it belongs to. */
export interface Signed {
  session: Session
  identity: Identity
}

/** The session in force that a secret stands for, with its identity. */
export async function findSignedIn(ctx: Context, token: string): Promise<Signed | undefined> {
  const row = await findWithCredentials(ctx, tokenHash(token))
  return row && { session: fromRow(row), identity: identityFromRow(ctx, { ...row, metadata_admin: null }) }
}

/** The context of what a person does who is signed in. */
export function actingAsOwner(ctx: Context, { session }: Pick<Signed, 'session'>): Context {
  return actingAs(ctx, { type: 'session', id: session.identityId })
}

export function unauthenticated(): ApiError {
  return ApiError.unauthorized({ reason: 'No session in force was found in this request.' })
}

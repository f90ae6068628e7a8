import { ApiError } from '@latchkey/api'
import { recordAll } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { forgetDevices } from './devices.ts'
import type { Session } from './record.ts'
import { countRowsOf, deleteRows, type EndedSession, revokeRows, type SessionsOf } from './store.ts'

/**
 * Revokes a session; if an identity is given, only if the session belongs to it. Returns false if there is no such
 * session.
 */
export async function revokeSession(ctx: Context, id: string, identityId?: string): Promise<boolean> {
  const sessions = { id, identityId }
  const ended = await revoke(ctx, sessions)
  return ended.length > 0 || (await countRowsOf(ctx, sessions)) > 0
}

/** Revokes all other sessions of an identity. Returns how many there are, including those revoked earlier. */
export async function revokeOthers(ctx: Context, identityId: string, exceptId?: string): Promise<number> {
  const sessions = { identityId, exceptId }
  await revoke(ctx, sessions)
  return countRowsOf(ctx, sessions)
}

/** Revokes all other sessions of an identity, and forgets all devices of it. Returns the number of `revokeOthers`. */
export async function signOutElsewhere(ctx: Context, { identityId, id }: Session): Promise<number> {
  return ctx.transaction(async (tx) => {
    await forgetDevices(tx, identityId)
    return revokeOthers(tx, identityId, id)
  })
}

/** Revokes another session of the session's identity. Has no effect on sessions of other identities (Kratos). */
export async function revokeMySession(ctx: Context, mine: Session, id: string): Promise<void> {
  if (id === mine.id) {
    throw ApiError.badRequest({ message: 'A session cannot end itself this way; sign out instead.' })
  }
  await revokeSession(ctx, id, mine.identityId)
}

/** Deletes all sessions of an identity, and forgets its devices. Throws 404 if there are none. */
export async function deleteSessionsOf(ctx: Context, identityId: string): Promise<void> {
  await forgetDevices(ctx, identityId)
  await ctx.transaction(async (tx) => {
    const deleted = await deleteRows(tx, { identityId })
    if (deleted.length === 0) throw ApiError.notFound()
    await recordRevoked(
      tx,
      deleted.filter(({ active }) => active === 1),
    )
  })
}

function revoke(ctx: Context, sessions: SessionsOf): Promise<EndedSession[]> {
  return ctx.transaction(async (tx) => {
    const ended = await revokeRows(tx, sessions)
    await recordRevoked(tx, ended)
    return ended
  })
}

/** Records the end of sessions that were active. */
export function recordRevoked(tx: Context, ended: readonly EndedSession[]): Promise<void> {
  return recordAll(
    tx,
    'SessionRevoked',
    ended.map(({ id, identityId }) => ({ IdentityID: identityId, SessionID: id })),
  )
}

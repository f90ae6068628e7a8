import { ApiError } from '@latchkey/api'
import { recordAll } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Session } from './record.ts'
import { countRowsOf, deleteRowsOf, type EndedSession, revokeRows, type SessionsOf } from './store.ts'

/** Ends one session; of this identity only, where one is given. False if there is no such session. */
export async function revokeSession(ctx: Context, id: string, identityId?: string): Promise<boolean> {
  const sessions = { id, identityId }
  const ended = await revoke(ctx, sessions)
  return ended.length > 0 || (await countRowsOf(ctx, sessions)) > 0
}

/** Ends all sessions of an identity but one. Gives how many there were, ended before or not. */
export async function revokeOthers(ctx: Context, identityId: string, exceptId?: string): Promise<number> {
  const sessions = { identityId, exceptId }
  await revoke(ctx, sessions)
  return countRowsOf(ctx, sessions)
}

/** Ends another session of the session's owner. Ending one that is not theirs changes nothing (Kratos). */
export async function revokeMySession(ctx: Context, mine: Session, id: string): Promise<void> {
  if (id === mine.id) {
    throw ApiError.badRequest({ message: 'A session cannot end itself this way; sign out instead.' })
  }
  await revokeSession(ctx, id, mine.identityId)
}

/** Removes all sessions of an identity. 404 if there are none. */
export async function deleteSessionsOf(ctx: Context, identityId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const deleted = await deleteRowsOf(tx, identityId)
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

function recordRevoked(tx: Context, ended: readonly EndedSession[]): Promise<void> {
  return recordAll(
    tx,
    'SessionRevoked',
    ended.map(({ id, identityId }) => ({ IdentityID: identityId, SessionID: id })),
  )
}

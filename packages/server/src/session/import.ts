import { holdIdentities } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { tokenHash } from '../kernel/keys.ts'
import { insertNewSessions, storedSessions } from './import-store.ts'
import { type Session, toRow } from './record.ts'

/**
 * Stores sessions of another server with their ids and tokens, in one transaction. Those that exist, those without a
 * token, and those of unknown identities are left alone. Returns how many of them, and of their devices, are stored.
 */
export function importSessions(
  ctx: Context,
  all: readonly { session: Session; token: string | null }[],
): Promise<{ sessions: number; devices: number }> {
  return ctx.transaction(async (tx) => {
    const owners = await holdIdentities(tx, [...new Set(all.map(({ session }) => session.identityId))])
    await insertNewSessions(
      tx,
      all.flatMap(({ session, token }) =>
        token && owners.has(session.identityId) ? [toRow(session, tokenHash(token))] : [],
      ),
    )
    const stored = await storedSessions(
      tx,
      all.map(({ session }) => session.id),
    )
    const devices = stored.reduce((sum, row) => sum + (JSON.parse(row.devices) as unknown[]).length, 0)
    return { sessions: stored.length, devices }
  })
}

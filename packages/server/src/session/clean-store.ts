import type { ProjectDatabase } from '../kernel/context.ts'

/** Small enough not to block other writers for long. */
const batchSize = 500

/**
 * Deletes the sessions of all projects that expired before a point in time, in small batches. Requires the unscoped
 * database. Returns the number of deleted sessions.
 */
export async function removeExpiredSessions(
  unscoped: ProjectDatabase,
  { before, maxBatches = 1000 }: { before: number; maxBatches?: number },
): Promise<number> {
  let removed = 0
  for (let batch = 0; batch < maxBatches; batch++) {
    const [result] = await unscoped
      .deleteFrom('sessions')
      .where('expires_at', '<', before)
      .where('id', 'in', (eb) =>
        eb.selectFrom('sessions').select('id').where('expires_at', '<', before).orderBy('expires_at').limit(batchSize),
      )
      .execute()
    const count = Number(result?.numDeletedRows ?? 0)
    removed += count
    if (count === 0) break
  }
  return removed
}

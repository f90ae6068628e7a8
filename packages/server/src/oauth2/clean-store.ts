import type { Context } from '../kernel/context.ts'

/** Tables whose rows expire, by the column that identifies a row. */
const expiring = {
  hash: [
    'oauth2_access_tokens',
    'oauth2_codes',
    'oauth2_device_codes',
    'oauth2_jwt_ids',
    'oauth2_logout_requests',
    'oauth2_refresh_tokens',
  ],
  id: ['oauth2_consents', 'oauth2_login_sessions'],
} as const

/** Removes up to `limit` rows of each kind that expired before a time. Returns the largest number of one kind. */
export async function removeExpiredGrants(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const counts: number[] = []
  for (const table of expiring.hash) {
    const expired = ctx.db.selectFrom(table).select('hash').where('expires_at', '<', before).limit(limit)
    const { numDeletedRows } = await ctx.db.deleteFrom(table).where('hash', 'in', expired).executeTakeFirstOrThrow()
    counts.push(Number(numDeletedRows))
  }
  for (const table of expiring.id) {
    const expired = ctx.db.selectFrom(table).select('id').where('expires_at', '<', before).limit(limit)
    const { numDeletedRows } = await ctx.db.deleteFrom(table).where('id', 'in', expired).executeTakeFirstOrThrow()
    counts.push(Number(numDeletedRows))
  }
  return Math.max(...counts)
}

import { removeOld } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'

/** Tables whose rows expire, by the column that identifies a row. */
const expiring = {
  hash: [
    'oauth2_access_tokens',
    'oauth2_codes',
    'oauth2_device_codes',
    'oauth2_jwt_ids',
    'oauth2_logout_requests',
    'oauth2_pushed_requests',
    'oauth2_refresh_tokens',
  ],
  id: ['oauth2_consents', 'oauth2_login_sessions'],
} as const

/** Removes up to `limit` rows of each kind that expired before a time. Returns the largest number of one kind. */
export async function removeExpiredGrants(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const time = 'expires_at'
  const counts: number[] = []
  for (const table of expiring.hash) counts.push(await removeOld(ctx, { table, key: 'hash', time }, { before, limit }))
  for (const table of expiring.id) counts.push(await removeOld(ctx, { table, key: 'id', time }, { before, limit }))
  return Math.max(...counts)
}

import type { Context } from '../kernel/context.ts'
import { resealedCredentials } from './row.ts'

/**
 * Encrypts secrets of credentials again that are encrypted with an older key, in the order of identity ids after
 * `after`. Looks at most at `limit` identities. Returns the last id, or undefined at the end.
 */
export async function resealCredentials(
  ctx: Pick<Context, 'db' | 'keys' | 'random'>,
  { after, limit }: { after: string; limit: number },
): Promise<string | undefined> {
  const rows = await ctx.db
    .selectFrom('identities')
    .select(['id', 'credentials'])
    .where('id', '>', after)
    .where('credentials', 'like', '%"sealed":%')
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const row of rows) {
    const credentials = resealedCredentials(ctx, row)
    if (credentials === undefined) continue
    // A simultaneous change has encrypted them with the current key already.
    await ctx.db
      .updateTable('identities')
      .set({ credentials })
      .where('id', '=', row.id)
      .where('credentials', '=', row.credentials)
      .execute()
  }
  return rows.at(-1)?.id
}

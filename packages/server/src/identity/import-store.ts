import type { Context } from '../kernel/context.ts'
import type { IdentityRow } from './tables.ts'

/** Those of some identities that exist, with what is counted after an import. */
export async function storedIdentities(
  ctx: Context,
  ids: readonly string[],
): Promise<Pick<IdentityRow, 'id' | 'document' | 'credentials'>[]> {
  if (ids.length === 0) return []
  return ctx.db.selectFrom('identities').select(['id', 'document', 'credentials']).where('id', 'in', ids).execute()
}

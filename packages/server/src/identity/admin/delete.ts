import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { parseId } from '../id.ts'
import type { IdentityNews } from '../routes.ts'
import { deleteIdentityRow } from '../store.ts'

/** Deletes an identity with its sessions, codes, identifiers and addresses. 404 if there is none. */
export async function deleteIdentity(ctx: Context, idText: string, { deleted }: IdentityNews): Promise<void> {
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  await ctx.transaction(async (tx) => {
    // First: whoever is about to write something of this identity is waited for, and comes to know when it is gone.
    if (!(await deleteIdentityRow(tx, id))) throw ApiError.notFound()
    await deleted?.(tx, id)
  })
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { empty, type Reply } from '../../kernel/http/index.ts'
import { parseId } from '../id.ts'
import { deleteIdentityRow } from '../store.ts'

/** Deletes an identity with its sessions, codes, identifiers and addresses. 404 if there is none. */
export async function deleteByAdmin(ctx: Context, idText: string): Promise<Reply> {
  const id = parseId(idText)
  if (!id || !(await deleteIdentityRow(ctx, id))) throw ApiError.notFound()
  return empty()
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { parseId } from '../id.ts'
import { removeIdentity } from '../save.ts'

/** Deletes an identity and everything that belongs to it. Throws 404 if there is none. */
export async function deleteIdentity(ctx: Context, idText: string): Promise<void> {
  const id = parseId(idText)
  if (!id || !(await removeIdentity(ctx, id))) throw ApiError.notFound()
}

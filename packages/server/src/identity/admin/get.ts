import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { jsonText, type Reply } from '../../kernel/http/index.ts'
import { parseId } from '../id.ts'
import { findRow } from '../store.ts'
import { includedTypes } from './include.ts'
import { storedText } from './view.ts'

/** One identity, by our id or by that of another system. 404 if there is none. */
export async function getForAdmin(
  ctx: Context,
  by: { id: string } | { externalId: string },
  include: readonly string[] | undefined,
): Promise<Reply> {
  const key = 'id' in by ? parseId(by.id) : by.externalId
  // PostgreSQL cannot hold the character NUL, so that no id has it.
  if (!key || key.includes('\0')) throw ApiError.notFound()
  const row = await findRow(ctx, 'id' in by ? { id: key } : { externalId: key })
  if (!row) throw ApiError.notFound()
  return jsonText(200, storedText(ctx, row, includedTypes(include)))
}

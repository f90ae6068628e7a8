import { ApiError, type Identity } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { JsonText } from '../../kernel/json-text.ts'
import { parseId } from '../id.ts'
import { findRow } from '../store.ts'
import { includedTypes } from './include.ts'
import { storedText } from './view.ts'

/** Returns an identity by ID or external ID. Throws 404 if there is none. */
export async function getIdentity(
  ctx: Context,
  by: { id: string } | { externalId: string },
  include: readonly string[] | undefined,
): Promise<JsonText<Identity>> {
  const key = 'id' in by ? parseId(by.id) : by.externalId
  // PostgreSQL cannot store NUL, so no ID contains it.
  if (!key || key.includes('\0')) throw ApiError.notFound()
  const row = await findRow(ctx, 'id' in by ? { id: key } : { externalId: key })
  if (!row) throw ApiError.notFound()
  return storedText(ctx, row, includedTypes(include))
}

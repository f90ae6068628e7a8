import { ApiError } from '@latchkey/api'
import { publicText } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, jsonText, type TextReply } from '../../kernel/http/index.ts'
import { findListed } from '../store.ts'
import { expansionOf, sessionJson } from './view.ts'

/** One session, whether it is in force or not. 404 if there is none. */
export async function get(
  ctx: Context,
  call: Call,
  { id, expand: asked }: { id: string; expand?: string[] },
): Promise<TextReply> {
  const expand = expansionOf(call, asked)
  const row = await findListed(ctx, id)
  if (!row) throw ApiError.notFound()
  const identity = expand.identity ? publicText(ctx, row.document, row.schema_id) : 'null'
  return jsonText(200, sessionJson(ctx, row, { identity, devices: expand.devices ? row.devices : '[]' }))
}

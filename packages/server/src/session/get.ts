import { ApiError, type Session as ApiSession } from '@latchkey/api'
import { publicText } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { asJsonText, type JsonText } from '../kernel/json-text.ts'
import { findListed } from './store.ts'
import { type Expansion, sessionJson } from './view.ts'

/** A session by id, active or not. Throws 404 if there is none. */
export async function getSession(ctx: Context, id: string, expand: Expansion): Promise<JsonText<ApiSession>> {
  const row = await findListed(ctx, id)
  if (!row) throw ApiError.notFound()
  const identity = expand.identity ? publicText(ctx, row.document, row.schema_id) : 'null'
  return asJsonText(sessionJson(ctx, row, { identity, devices: expand.devices ? row.devices : '[]' }))
}

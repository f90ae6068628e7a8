import { ApiError } from '@latchkey/api'
import { publicText } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type EmptyReply, empty, jsonText, type TextReply } from '../../kernel/http/index.ts'
import { findListed, setExpiry } from '../store.ts'
import { sessionJson } from './view.ts'

/** Lets a session last its whole lifespan from now on, unless it is too early for that; then it stays as it is. */
export async function extend(ctx: Context, id: string): Promise<TextReply | EmptyReply<204>> {
  const row = await findListed(ctx, id)
  if (!row) throw ApiError.notFound()
  const { lifespan, earliest_possible_extend: earliest = lifespan } = ctx.config.identity.session
  const now = ctx.clock.now()
  const due = row.expires_at - earliest < now
  const expiresAt = due ? now + lifespan : row.expires_at
  if (due) await setExpiry(ctx, id, expiresAt)
  if (ctx.config.identity.feature_flags.faster_session_extend) return empty()
  const identity = publicText(ctx, row.document, row.schema_id)
  return jsonText(200, sessionJson(ctx, { ...row, expires_at: expiresAt }, { identity, devices: '[]' }))
}

import { ApiError, type Session as ApiSession } from '@latchkey/api'
import { record } from '../event/index.ts'
import { publicText } from '../identity/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { asJsonText, type JsonText } from '../kernel/json-text.ts'
import { findListed, type ListedSession, setExpiry } from './store.ts'
import { sessionJson } from './view.ts'

/** Extends a session by its full lifespan from now, unless `earliest_possible_extend` has not been reached yet. */
export async function extendSession(ctx: Context, id: string): Promise<JsonText<ApiSession>> {
  const row = await findListed(ctx, id)
  if (!row) throw ApiError.notFound()
  if (row.act !== null)
    throw ApiError.badRequest({ reason: 'A session in which an administrator acts is not extended.' })
  const { lifespan, earliest_possible_extend: earliest = lifespan } = ctx.config.identity.session
  const now = ctx.clock.now()
  const due = row.expires_at - earliest < now
  const expiresAt = due ? now + lifespan : row.expires_at
  if (due) await extend(ctx, row, expiresAt)
  const identity = publicText(ctx, row.document, row.schema_id)
  return asJsonText(sessionJson(ctx, { ...row, expires_at: expiresAt }, { identity, devices: '[]' }))
}

function extend(ctx: Context, { id, identity_id }: ListedSession, expiresAt: number): Promise<void> {
  return ctx.transaction(async (tx) => {
    await setExpiry(tx, id, expiresAt)
    await record(tx, 'SessionLifespanExtended', {
      IdentityID: identity_id,
      SessionID: id,
      SessionExpiresAt: timestamp(expiresAt),
    })
  })
}

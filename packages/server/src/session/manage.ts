import { ApiError, type ManageSessionsBody, type ManageSessionsResponse } from '@latchkey/api'
import { parseId } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { recordRevoked } from './revoke.ts'
import { deleteRows, findIds, revokeRows, type SessionsAmong } from './store.ts'

/** As in Kratos. */
const maxIds = 500
/** The number of sessions that one transaction changes. */
const batchSize = 500

/**
 * Revokes or deletes the sessions of a list of identities, a list of sessions, or with `identities: ["*"]` the next
 * 500 of all sessions; `more` tells whether there may be others. `processed` counts changed sessions: revoking counts
 * those that were active.
 */
export async function manageSessions(
  ctx: Context,
  { action, ...scope }: Partial<ManageSessionsBody>,
): Promise<ManageSessionsResponse> {
  if (action !== 'disable' && action !== 'delete')
    throw ApiError.badRequest({ reason: 'The action must be disable or delete.' })
  const among = parseScope(scope)
  if (among === 'all') {
    const { changed, isLast } = await manageBatch(ctx, action, {})
    return { processed: changed, more: !isLast }
  }
  let processed = 0
  for (;;) {
    const { changed, isLast } = await manageBatch(ctx, action, among)
    processed += changed
    if (isLast) return { processed, more: false }
  }
}

function parseScope(scope: Omit<ManageSessionsBody, 'action'>): SessionsAmong | 'all' {
  // A null is an empty list, and an empty text in one, as in Go.
  const [identities, sessions] = [scope.identities ?? [], scope.sessions ?? []]
  if (identities.length > 0 === sessions.length > 0)
    throw ApiError.badRequest({ reason: 'Either identities or sessions must contain at least one ID.' })
  if (identities.length === 1 && identities[0] === '*') return 'all'
  return identities.length > 0 ? { identityIds: parseIds(identities) } : { ids: parseIds(sessions) }
}

function parseIds(texts: readonly string[]): string[] {
  if (texts.length > maxIds) throw ApiError.badRequest({ reason: `At most ${maxIds} IDs can be given.` })
  return texts.map((text) => {
    const id = parseId(text ?? '')
    if (!id) throw ApiError.badRequest({ reason: 'Each ID must be a UUID; * can only stand alone, for identities.' })
    return id
  })
}

/** Changes some of the sessions, each of which another call can have changed meanwhile. */
async function manageBatch(
  ctx: Context,
  action: ManageSessionsBody['action'],
  among: SessionsAmong,
): Promise<{ changed: number; isLast: boolean }> {
  return ctx.transaction(async (tx) => {
    const ids = await findIds(tx, among, { isActive: action === 'disable', limit: batchSize })
    const isLast = ids.length < batchSize
    if (ids.length === 0) return { changed: 0, isLast }
    const changed = action === 'disable' ? await revokeRows(tx, { ids }) : await deleteRows(tx, { ids })
    await recordRevoked(
      tx,
      changed.filter((session) => !('active' in session) || session.active === 1),
    )
    return { changed: changed.length, isLast }
  })
}

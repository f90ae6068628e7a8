import { ApiError, type IdentityMerge, type MergeIdentitiesBody } from '@latchkey/api'
import { record } from '../../event/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { answeringConflicts } from '../admin/conflict.ts'
import { changedView } from '../admin/view.ts'
import { parseId } from '../id.ts'
import type { Identity } from '../record.ts'
import { changeIdentity, removeIdentity } from '../save.ts'
import { findIdentity, lockIdentity } from '../store.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type MergePlan, planMerge } from './plan.ts'
import { countActiveSessions, insertMerge } from './store.ts'

const dayMs = 24 * 3_600_000
/** For how long a merge can be undone. */
const undoableMs = 30 * dayMs

/**
 * Merges the identity `from` into another one, which gains its credentials, addresses, and missing traits; `from` is
 * deleted, and its sessions end. With `preview`, nothing changes. Throws 404 if one of them is missing, 400 if they are
 * the same, and 409 on a uniqueness conflict.
 */
export async function mergeIdentities(
  ctx: Context,
  idText: string,
  { from, preview = false }: Partial<MergeIdentitiesBody>,
): Promise<IdentityMerge> {
  const [intoId, fromId] = [parseId(idText), parseId(from ?? '')]
  if (!fromId) throw ApiError.badRequest({ reason: 'The member from must be the ID of an identity.' })
  if (intoId === fromId) throw ApiError.badRequest({ reason: 'An identity cannot be merged with itself.' })
  if (!intoId) throw ApiError.notFound()
  if (preview) {
    const [into, merged] = [await findIdentity(ctx, intoId), await findIdentity(ctx, fromId)]
    if (!into || !merged) throw ApiError.notFound()
    const sessions = await countActiveSessions(ctx, fromId)
    return { preview, ...viewOf(ctx, into, planMerge(ctx, into, merged)), sessions: { ended: sessions } }
  }
  return answeringConflicts(() => ctx.transaction((tx) => merge(tx, intoId, fromId)))
}

async function merge(ctx: Context, intoId: string, fromId: string): Promise<IdentityMerge> {
  const { into, from } = await lockBoth(ctx, intoId, fromId)
  const plan = planMerge(ctx, into, from)
  const sessions = await countActiveSessions(ctx, fromId)
  const id = ctx.random.orderedUuid()
  // Recorded first, so that subscribers still find both.
  await record(ctx, 'IdentityMerged', { IdentityID: intoId, MergedIdentityID: fromId, MergeID: id })
  // Deleted first, because identifiers and addresses belong to one identity only.
  if (!(await removeIdentity(ctx, fromId))) throw ApiError.notFound()
  const stored = await changeIdentity(ctx, intoId, () => plan.result)
  if (!stored) throw ApiError.notFound()
  const expiresAt = ctx.clock.now() + undoableMs
  await insertMerge(ctx, { id, snapshot: { into, from, fingerprint: fingerprintOf(stored) }, expiresAt })
  return {
    ...{ id, preview: false, undo_until: timestamp(expiresAt) },
    ...viewOf(ctx, into, { ...plan, result: stored }),
    sessions: { ended: sessions },
  }
}

/** Locks both rows in a fixed order, so that concurrent merges wait for each other instead of failing. */
async function lockBoth(ctx: Context, intoId: string, fromId: string): Promise<{ into: Identity; from: Identity }> {
  const found = new Map<string, Identity | undefined>()
  for (const id of [intoId, fromId].sort()) found.set(id, await lockIdentity(ctx, id))
  const [into, from] = [found.get(intoId), found.get(fromId)]
  if (!into || !from) throw ApiError.notFound()
  return { into, from }
}

function viewOf(ctx: Context, into: Identity, { result, traits, credentials, addresses, members }: MergePlan) {
  const plain = (list: typeof addresses.added) => list.map(({ via, value, verified }) => ({ via, value, verified }))
  return {
    identity: changedView(ctx, { before: into, after: result }),
    ...{ traits, credentials, members },
    addresses: { added: plain(addresses.added), lost: plain(addresses.lost) },
  }
}

import { ApiError, type UndoneIdentityMerge } from '@latchkey/api'
import { record } from '../../event/index.ts'
import type { Context } from '../../kernel/context.ts'
import { answeringConflicts } from '../admin/conflict.ts'
import { parseId } from '../id.ts'
import type { Identity } from '../record.ts'
import { changeIdentity, saveNew } from '../save.ts'
import { fingerprintOf } from './fingerprint.ts'
import { takeMerge } from './store.ts'

/**
 * Undoes a merge: both identities are as they were before it, except for sessions. Throws 404 if the merge is unknown,
 * expired, or undone, and 409 if the surviving identity was changed since, or something of the merged one is taken.
 */
export async function undoMerge(ctx: Context, idText: string): Promise<UndoneIdentityMerge> {
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  const reason = 'An identifier, address, or ID of the merged identity belongs to another identity now.'
  return answeringConflicts(() => ctx.transaction((tx) => undo(tx, id)), { reason })
}

async function undo(ctx: Context, id: string): Promise<UndoneIdentityMerge> {
  const snapshot = await takeMerge(ctx, id)
  if (!snapshot) throw ApiError.notFound()
  const { into, from, fingerprint } = snapshot
  const [intoId, fromId] = [into.document.id, from.document.id]
  const restored = await changeIdentity(ctx, intoId, (now) => {
    if (fingerprintOf(now) !== fingerprint)
      throw ApiError.conflict({ reason: 'The identity was changed after the merge, so the merge cannot be undone.' })
    return withCurrentStatus(into, now)
  })
  if (!restored) throw ApiError.notFound()
  await saveNew(ctx, from)
  await record(ctx, 'IdentityMergeUndone', { IdentityID: intoId, MergedIdentityID: fromId, MergeID: id })
  return { identity_id: intoId, restored_id: fromId }
}

/** The state and the verification of addresses can have changed since, and stay. */
function withCurrentStatus(before: Identity, now: Identity): Identity {
  const { state, state_changed_at, verifiable_addresses: current = [] } = now.document
  const addresses = before.document.verifiable_addresses?.map(
    (address) => current.find(({ via, value }) => via === address.via && value === address.value) ?? address,
  )
  const document = {
    ...before.document,
    ...{ state, state_changed_at },
    ...(addresses && { verifiable_addresses: addresses }),
  }
  return { ...before, document }
}

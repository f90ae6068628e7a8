import { record } from '../event/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { IdentityConflict, refusingTaken } from './conflict.ts'
import type { CredentialType, Identity } from './record.ts'
import {
  type Address,
  addAddresses,
  addIdentifiers,
  deleteIdentityRow,
  type Index,
  insertIdentityRow,
  lockIdentity,
  removeAddresses,
  removeIdentifiers,
  takenAddresses,
  takenIdentifiers,
  updateIdentityRow,
} from './store.ts'
import { addressesOf, identifiersOf, uniquenessKey } from './uniqueness.ts'

/** Stores a new identity. Throws IdentityConflict on a uniqueness conflict. */
export async function saveNew(ctx: Context, identity: Identity): Promise<void> {
  const { id } = identity.document
  await ctx.transaction(async (tx) => {
    const index = identifiersOf(identity)
    const addresses = addressesOf(identity)
    await refuseTaken(tx, id, index, addresses)
    await refusingTaken(async () => {
      await insertIdentityRow(tx, identity)
      await addIdentifiers(tx, id, index)
      await addAddresses(tx, id, addresses)
    })
    await record(tx, 'IdentityCreated', { IdentityID: id })
  })
}

/**
 * Replaces an identity: `change` receives the stored identity, whose row is locked, and returns the new one.
 * Returns undefined if there is none. Throws IdentityConflict on a uniqueness conflict.
 */
export async function changeIdentity(
  ctx: Context,
  id: string,
  change: (identity: Identity) => Identity | Promise<Identity>,
): Promise<Identity | undefined> {
  return ctx.transaction(async (tx) => {
    const before = await lockIdentity(tx, id)
    if (!before) return undefined
    const [oldIndex, oldAddresses] = [identifiersOf(before), addressesOf(before)]
    const after = await change(before)
    const [newIndex, newAddresses] = [identifiersOf(after), addressesOf(after)]
    const stored = { ...after, document: { ...after.document, updated_at: timestamp(ctx.clock.now()) } }
    const index = difference(oldIndex, newIndex)
    const addresses = difference(oldAddresses, newAddresses)
    await refuseTaken(tx, id, index.added, addresses.added)
    await refusingTaken(async () => {
      await updateIdentityRow(tx, stored)
      await removeIdentifiers(tx, id, index.removed)
      await addIdentifiers(tx, id, index.added)
      await removeAddresses(tx, id, addresses.removed)
      await addAddresses(tx, id, addresses.added)
    })
    await record(tx, 'IdentityUpdated', { IdentityID: id })
    return stored
  })
}

/** Deletes an identity with its sessions, codes, identifiers, and addresses. Returns false if there is none. */
export async function removeIdentity(ctx: Context, id: string): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    // The row is deleted first: this waits for concurrent writers, and later writers find that the identity is deleted.
    if (!(await deleteIdentityRow(tx, id))) return false
    await record(tx, 'IdentityDeleted', { IdentityID: id })
    return true
  })
}

/** The conflict that storing a new identity would meet; undefined if there is none. */
export async function findConflict(ctx: Context, identity: Identity): Promise<IdentityConflict | undefined> {
  return conflictWith(ctx, identity.document.id, identifiersOf(identity), addressesOf(identity))
}

async function refuseTaken(
  ctx: Context,
  id: string,
  index: readonly Index[],
  addresses: readonly Address[],
): Promise<void> {
  const conflict = await conflictWith(ctx, id, index, addresses)
  if (conflict) throw conflict
}

async function conflictWith(
  ctx: Context,
  id: string,
  index: readonly Index[],
  addresses: readonly Address[],
): Promise<IdentityConflict | undefined> {
  const [identifier] = await takenIdentifiers(ctx, id, index)
  if (identifier) {
    const type = identifier.credential_type as CredentialType
    return new IdentityConflict({ kind: 'identifier', type, value: identifier.identifier }, identifier.identity_id)
  }
  const [address] = await takenAddresses(ctx, id, addresses)
  return address && new IdentityConflict({ kind: 'address', value: address.value }, address.identity_id)
}

function difference<T extends object>(before: readonly T[], after: readonly T[]) {
  const [old, now] = [new Set(before.map(uniquenessKey)), new Set(after.map(uniquenessKey))]
  return {
    added: after.filter((one) => !old.has(uniquenessKey(one))),
    removed: before.filter((one) => !now.has(uniquenessKey(one))),
  }
}

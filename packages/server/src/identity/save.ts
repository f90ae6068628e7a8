import { isUniqueViolation } from '../db/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { IdentityConflict } from './conflict.ts'
import { normalizeIdentifier } from './normalize.ts'
import type { CredentialType, Identity } from './record.ts'
import {
  type Address,
  addAddresses,
  addIdentifiers,
  type Index,
  insertIdentity,
  lockIdentity,
  removeAddresses,
  removeIdentifiers,
  takenAddresses,
  takenIdentifiers,
  updateIdentity,
} from './store.ts'

/** Writes a new identity. Throws IdentityConflict when something of it is taken. */
export async function saveNew(ctx: Context, identity: Identity): Promise<void> {
  const { id } = identity.document
  await ctx.transaction(async (tx) => {
    const index = identifiersOf(identity)
    const addresses = addressesOf(identity)
    await refuseTaken(tx, id, index, addresses)
    await guarded(async () => {
      await insertIdentity(tx, identity)
      await addIdentifiers(tx, id, index)
      await addAddresses(tx, id, addresses)
    })
  })
}

/**
 * Changes an identity as a whole: `change` gets the stored one, held against others, and gives the new one.
 * Undefined if there is none. Throws IdentityConflict when something of it is taken.
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
    await guarded(async () => {
      await updateIdentity(tx, stored)
      await removeIdentifiers(tx, id, index.removed)
      await addIdentifiers(tx, id, index.added)
      await removeAddresses(tx, id, addresses.removed)
      await addAddresses(tx, id, addresses.added)
    })
    return stored
  })
}

async function refuseTaken(ctx: Context, id: string, index: readonly Index[], addresses: readonly Address[]): Promise<void> {
  const [identifier] = await takenIdentifiers(ctx, id, index)
  if (identifier) {
    const type = identifier.credential_type as CredentialType
    throw new IdentityConflict({ kind: 'identifier', type, value: identifier.identifier }, identifier.identity_id)
  }
  const [address] = await takenAddresses(ctx, id, addresses)
  if (address) throw new IdentityConflict({ kind: 'address', value: address.value }, address.identity_id)
}

/** Two simultaneous writers pass the look-up both; the keys of the tables let one of them through. */
async function guarded(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const external = error instanceof Error && /external_id/.test(`${error.message} ${'constraint' in error ? error.constraint : ''}`)
    throw new IdentityConflict(external ? { kind: 'external_id' } : { kind: 'address', value: '' })
  }
}

function identifiersOf({ credentials }: Identity): Index[] {
  return Object.values(credentials).flatMap(({ type, identifiers }) =>
    [...new Set(identifiers.map((identifier) => stored(type, identifier)))].map((identifier) => ({ credential_type: type, identifier })),
  )
}

/** Subjects of social sign-in are compared as they are; what people type is normalised. */
function stored(type: CredentialType, identifier: string): string {
  return type === 'oidc' || type === 'saml' ? identifier : normalizeIdentifier(identifier)
}

function addressesOf({ document }: Identity): Address[] {
  const all = [
    ...(document.verifiable_addresses ?? []).map(({ via, value }) => ({ kind: 'verification' as const, via, value })),
    ...(document.recovery_addresses ?? []).map(({ via, value }) => ({ kind: 'recovery' as const, via, value })),
  ]
  return [...new Map(all.map((address) => [key(address), address])).values()]
}

function difference<T extends object>(before: readonly T[], after: readonly T[]) {
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))]
  return { added: after.filter((one) => !old.has(key(one))), removed: before.filter((one) => !now.has(key(one))) }
}

function key(value: object): string {
  return JSON.stringify(Object.values(value))
}

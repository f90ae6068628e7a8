import { recordAll } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { IdentityConflict, refusingTaken } from './conflict.ts'
import type { Identity } from './record.ts'
import { addUniqueRows, insertIdentityRows, rowsWithAddresses, rowsWithIdentifiers, takenExternalIds } from './store.ts'
import { addressesOf, identifiersOf, uniquenessKey } from './uniqueness.ts'

/** The number of attempts: if a concurrent writer causes a conflict between lookup and write, both are repeated. */
const attempts = 5

/** The kind of a conflict. If both apply, the external ID is reported. */
export type Collision = 'external_id' | 'identifier'

/**
 * Writes the new identities without conflicts, in one transaction, and returns the positions of the conflicting ones.
 * If two new identities conflict with each other, the first one is written.
 */
export async function saveAll(ctx: Context, identities: readonly Identity[]): Promise<Map<number, Collision>> {
  const rows = identities.map(uniqueRowsOf)
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.transaction((tx) => writeFree(tx, identities, rows))
    } catch (error) {
      if (!(error instanceof IdentityConflict) || attempt === attempts) throw error
    }
  }
}

type UniqueRows = ReturnType<typeof uniqueRowsOf>

function uniqueRowsOf(identity: Identity) {
  const { id, external_id: externalId } = identity.document
  const identifiers = identifiersOf(identity).map(({ credential_type, identifier }) => ({
    credential_type,
    identifier,
  }))
  const addresses = addressesOf(identity)
  const keys = {
    external_id: (externalId ? [{ externalId }] : []).map(uniquenessKey),
    identifier: [...identifiers, ...addresses].map(uniquenessKey),
  } satisfies Record<Collision, string[]>
  return { id, identifiers, addresses, externalId, keys }
}

async function writeFree(
  ctx: Context,
  identities: readonly Identity[],
  rows: readonly UniqueRows[],
): Promise<Map<number, Collision>> {
  const taken = await takenKeys(ctx, rows)
  const collide = new Map<number, Collision>()
  for (const [position, { keys }] of rows.entries()) {
    const by = (['external_id', 'identifier'] as const).find((name) => keys[name].some((key) => taken.has(key)))
    if (by) collide.set(position, by)
    else for (const key of Object.values(keys).flat()) taken.add(key)
  }
  const free = <T>(list: readonly T[]) => list.filter((_, position) => !collide.has(position))
  await refusingTaken(async () => {
    for (const part of chunks(free(identities))) await insertIdentityRows(ctx, part)
    const identifiers = free(rows).flatMap((one) => one.identifiers.map((row) => ({ ...row, identity_id: one.id })))
    const addresses = free(rows).flatMap((one) => one.addresses.map((row) => ({ ...row, identity_id: one.id })))
    for (const part of chunks(identifiers)) await addUniqueRows(ctx, part, [])
    for (const part of chunks(addresses)) await addUniqueRows(ctx, [], part)
  })
  await recordAll(
    ctx,
    'IdentityCreated',
    free(rows).map(({ id }) => ({ IdentityID: id })),
  )
  return collide
}

async function takenKeys(ctx: Context, rows: readonly UniqueRows[]): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const part of chunks(
    unique(rows.flatMap(({ identifiers }) => identifiers.map(({ identifier }) => identifier))),
  )) {
    const rows = await rowsWithIdentifiers(ctx, part)
    for (const { credential_type, identifier } of rows) taken.add(uniquenessKey({ credential_type, identifier }))
  }
  for (const part of chunks(unique(rows.flatMap(({ addresses }) => addresses.map(({ value }) => value))))) {
    const rows = await rowsWithAddresses(ctx, part)
    for (const { kind, via, value } of rows) taken.add(uniquenessKey({ kind, via, value }))
  }
  for (const part of chunks(unique(rows.flatMap(({ externalId }) => externalId ?? [])))) {
    for (const externalId of await takenExternalIds(ctx, part)) taken.add(uniquenessKey({ externalId }))
  }
  return taken
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

/** Splits a list, because the number of parameters of a statement is limited. */
function chunks<T>(list: readonly T[]): T[][] {
  const size = 1000
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

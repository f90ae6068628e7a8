import type { Context } from '../kernel/context.ts'
import { IdentityConflict, refusingTaken } from './conflict.ts'
import type { Identity } from './record.ts'
import { addClaims, insertIdentityRows, rowsWithAddresses, rowsWithIdentifiers, takenExternalIds } from './store.ts'
import { addressesOf, identifiersOf, uniquenessKey } from './uniqueness.ts'

/** Another writer can take something between look-up and writing; then the look-up is made anew. */
const attempts = 5

/**
 * Writes those new identities that collide with no other, in one transaction.
 * Gives the positions of those that do collide; of two that claim the same, the first one wins.
 */
export async function saveAll(ctx: Context, identities: readonly Identity[]): Promise<Set<number>> {
  const claims = identities.map(claimsOf)
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.transaction((tx) => writeFree(tx, identities, claims))
    } catch (error) {
      if (!(error instanceof IdentityConflict) || attempt === attempts) throw error
    }
  }
}

type Claims = ReturnType<typeof claimsOf>

function claimsOf(identity: Identity) {
  const { id, external_id: externalId } = identity.document
  const identifiers = identifiersOf(identity).map(({ credential_type, identifier }) => ({
    credential_type,
    identifier,
  }))
  const addresses = addressesOf(identity)
  const keys = [...identifiers, ...addresses, ...(externalId ? [{ externalId }] : [])].map(uniquenessKey)
  return { id, identifiers, addresses, externalId, keys }
}

async function writeFree(
  ctx: Context,
  identities: readonly Identity[],
  claims: readonly Claims[],
): Promise<Set<number>> {
  const taken = await takenKeys(ctx, claims)
  const collide = new Set<number>()
  for (const [position, { keys }] of claims.entries()) {
    if (keys.some((key) => taken.has(key))) collide.add(position)
    else for (const key of keys) taken.add(key)
  }
  const free = <T>(list: readonly T[]) => list.filter((_, position) => !collide.has(position))
  await refusingTaken(async () => {
    for (const part of chunks(free(identities))) await insertIdentityRows(ctx, part)
    const identifiers = free(claims).flatMap((claim) =>
      claim.identifiers.map((row) => ({ ...row, identity_id: claim.id })),
    )
    const addresses = free(claims).flatMap((claim) => claim.addresses.map((row) => ({ ...row, identity_id: claim.id })))
    for (const part of chunks(identifiers)) await addClaims(ctx, part, [])
    for (const part of chunks(addresses)) await addClaims(ctx, [], part)
  })
  return collide
}

async function takenKeys(ctx: Context, claims: readonly Claims[]): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const part of chunks(
    unique(claims.flatMap(({ identifiers }) => identifiers.map(({ identifier }) => identifier))),
  )) {
    const rows = await rowsWithIdentifiers(ctx, part)
    for (const { credential_type, identifier } of rows) taken.add(uniquenessKey({ credential_type, identifier }))
  }
  for (const part of chunks(unique(claims.flatMap(({ addresses }) => addresses.map(({ value }) => value))))) {
    const rows = await rowsWithAddresses(ctx, part)
    for (const { kind, via, value } of rows) taken.add(uniquenessKey({ kind, via, value }))
  }
  for (const part of chunks(unique(claims.flatMap(({ externalId }) => externalId ?? [])))) {
    for (const externalId of await takenExternalIds(ctx, part)) taken.add(uniquenessKey({ externalId }))
  }
  return taken
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

/** Statements have a limited number of parameters. */
function chunks<T>(list: readonly T[]): T[][] {
  const size = 1000
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

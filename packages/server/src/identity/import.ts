import { ApiError } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { definitionOf } from './credentials/index.ts'
import { storedIdentities } from './import-store.ts'
import type { CredentialType, Identity, IdentityDocument } from './record.ts'
import { type Collision, saveAll } from './save-all.ts'
import { addressesOf, identifiersOf } from './uniqueness.ts'

/** An identity that cannot be stored, and why. */
export interface RefusedIdentity {
  id: string
  reason: string
}

const collisions: Record<Collision, string> = {
  external_id: 'Another identity has the same external ID.',
  identifier: 'Another identity has one of its identifiers or addresses.',
}

/** Stores identities of another server with their ids, in one transaction. Those that exist already are left alone. */
export async function importIdentities(
  ctx: Context,
  identities: readonly Identity[],
): Promise<{ refused: RefusedIdentity[] }> {
  const known = new Set((await storedIdentities(ctx, identities.map(idOf))).map(({ id }) => id))
  const refused: RefusedIdentity[] = []
  const storable = identities.map(inCurrentForm).filter((identity) => {
    if (known.has(idOf(identity))) return false
    const reason = problemOf(identity)
    if (reason) refused.push({ id: idOf(identity), reason })
    return reason === undefined
  })
  for (const [position, collision] of await saveAll(ctx, storable)) {
    refused.push({ id: idOf(storable[position] as Identity), reason: collisions[collision] })
  }
  return { refused }
}

/** What of some identities is stored. */
export interface StoredCounts {
  identities: number
  credentials: number
  identifiers: number
  verifiableAddresses: number
  recoveryAddresses: number
}

export async function countStored(ctx: Context, ids: readonly string[]): Promise<StoredCounts> {
  const rows = await storedIdentities(ctx, ids)
  const documents = rows.map(({ document }) => JSON.parse(document) as IdentityDocument)
  const credentials = rows.flatMap((row) => Object.values(JSON.parse(row.credentials) as Identity['credentials']))
  const sum = <T>(list: readonly T[], count: (one: T) => number) => list.reduce((total, one) => total + count(one), 0)
  return {
    identities: rows.length,
    credentials: credentials.length,
    identifiers: sum(credentials, ({ identifiers }) => identifiers.length),
    verifiableAddresses: sum(documents, ({ verifiable_addresses: addresses }) => addresses?.length ?? 0),
    recoveryAddresses: sum(documents, ({ recovery_addresses: addresses }) => addresses?.length ?? 0),
  }
}

export function isCredentialType(name: string): name is CredentialType {
  return definitionOf(name) !== undefined
}

/** Kratos upgrades credentials of version 0 when it reads them. */
function inCurrentForm(identity: Identity): Identity {
  const credentials = Object.entries(identity.credentials).map(([type, credential]) => {
    const { upgradeConfig, version = 0 } = definitionOf(type) ?? {}
    if (credential.version > 0 || !upgradeConfig) return [type, credential]
    return [type, { ...credential, version, config: upgradeConfig(credential, idOf(identity)) }]
  })
  return { ...identity, credentials: Object.fromEntries(credentials) }
}

function idOf({ document }: Identity): string {
  return document.id
}

/** Why an identity cannot be stored: it has too many or too long identifiers or addresses. */
function problemOf(identity: Identity): string | undefined {
  try {
    identifiersOf(identity)
    addressesOf(identity)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.reason ?? error.message
  }
}

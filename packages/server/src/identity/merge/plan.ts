import type { Context } from '../../kernel/context.ts'
import { sameJson } from '../../kernel/json-value.ts'
import type { Identity, VerifiableAddress } from '../record.ts'
import { compiledSchema } from '../schemas/registry.ts'
import { deriveFromTraits } from '../traits.ts'
import { type CombinedCredentials, combineCredentials } from './credentials.ts'
import { type CombinedTraits, combineTraits } from './traits.ts'

/** What a merge makes of two identities. */
export interface MergePlan {
  /** The surviving identity after the merge. */
  result: Identity
  traits: Omit<CombinedTraits, 'traits'>
  credentials: Omit<CombinedCredentials, 'credentials'>
  addresses: { added: VerifiableAddress[]; lost: VerifiableAddress[] }
  /** Other members of the merged identity: taken over where the surviving one has none, otherwise lost. */
  members: { moved: string[]; lost: string[] }
}

/**
 * Plans a merge. Nothing of the surviving identity changes except by additions: traits that it lacks, with the
 * addresses in them and their verification, credentials, and metadata and external ID if it has none. Traits are only
 * added if both identities have the same schema and the combination satisfies it.
 */
export function planMerge(ctx: Context, into: Identity, from: Identity): MergePlan {
  const combined = traitsOf(ctx, into, from)
  const { credentials, ...credentialChanges } = combineCredentials(into, from)
  const members = membersOf(into, from)
  const result = deriveFromTraits(ctx, {
    metadataAdmin: members.metadataAdmin,
    document: {
      ...into.document,
      ...members.document,
      traits: combined.traits,
      verifiable_addresses: [...addressesOf(into), ...addressesOf(from)],
      recovery_addresses: [...(into.document.recovery_addresses ?? []), ...(from.document.recovery_addresses ?? [])],
    },
    credentials,
  })
  return {
    result,
    traits: { added: combined.added, conflicts: combined.conflicts },
    credentials: credentialChanges,
    addresses: {
      added: addressesOf(result).filter((one) => !has(into, one)),
      lost: addressesOf(from).filter((one) => !has(result, one)),
    },
    members: members.changes,
  }
}

function traitsOf(ctx: Context, { document: into }: Identity, { document: from }: Identity): CombinedTraits {
  const combined = combineTraits(into.traits, from.traits)
  if (into.schema_id === from.schema_id && compiledSchema(ctx, into.schema_id).validate(combined.traits).length === 0)
    return combined
  // The traits that would have been added are lost.
  const { conflicts } = combineTraits(
    into.traits,
    Object.fromEntries(Object.entries(from.traits).filter(([name]) => Object.hasOwn(into.traits, name))),
  )
  const names = Object.keys(from.traits).filter((name) => !Object.hasOwn(into.traits, name))
  const lost = names.map((name) => ({ path: `/${name}`, kept: null, lost: from.traits[name] }))
  return { traits: into.traits, added: [], conflicts: [...conflicts, ...lost] }
}

function membersOf(into: Identity, from: Identity) {
  const changes: MergePlan['members'] = { moved: [], lost: [] }
  const choose = <T>(name: string, own: T, other: T): T => {
    if (other === undefined || other === null || sameJson(own, other)) return own
    const isMoved = own === undefined || own === null
    changes[isMoved ? 'moved' : 'lost'].push(name)
    return isMoved ? other : own
  }
  const externalId = choose('external_id', into.document.external_id, from.document.external_id)
  const metadataPublic = choose('metadata_public', into.document.metadata_public, from.document.metadata_public)
  const metadataAdmin = choose('metadata_admin', into.metadataAdmin, from.metadataAdmin)
  const document = { ...(externalId && { external_id: externalId }), metadata_public: metadataPublic }
  return { document, metadataAdmin, changes }
}

function addressesOf({ document }: Identity): VerifiableAddress[] {
  return document.verifiable_addresses ?? []
}

function has(identity: Identity, { via, value }: VerifiableAddress): boolean {
  return addressesOf(identity).some((one) => one.via === via && one.value === value)
}

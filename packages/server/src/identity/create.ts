import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { Identity, IdentityDocument, VerifiableAddress } from './record.ts'
import { deriveFromTraits } from './traits.ts'

/** The contents of a new identity; traits must be valid. */
export interface Draft {
  /** Generated if undefined. */
  id?: string
  schemaId: string
  traits: Record<string, unknown>
  state?: IdentityDocument['state']
  externalId?: string
  organizationId?: string
  metadataPublic?: unknown
  metadataAdmin?: unknown
  credentials?: Identity['credentials']
  /** The status of addresses; addresses that are not in the traits are dropped. */
  verifiableAddresses?: VerifiableAddress[]
}

/** Creates an identity with its identifiers and addresses, without storing it. */
export function newIdentity(ctx: Context, draft: Draft): Identity {
  const now = timestamp(ctx.clock.now())
  return deriveFromTraits(ctx, {
    document: {
      id: draft.id ?? ctx.random.orderedUuid(),
      ...(draft.externalId && { external_id: draft.externalId }),
      schema_id: draft.schemaId,
      state: draft.state ?? 'active',
      state_changed_at: now,
      traits: draft.traits,
      verifiable_addresses: draft.verifiableAddresses ?? [],
      metadata_public: draft.metadataPublic ?? null,
      created_at: now,
      updated_at: now,
      organization_id: draft.organizationId ?? null,
    },
    metadataAdmin: draft.metadataAdmin,
    credentials: draft.credentials ?? {},
  })
}

import { ApiError, Identity as IdentityModel } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { parseJson, typeChecker } from '../../kernel/http/index.ts'
import { applyPatch, PatchError, type PatchOperation, readPatch } from '../../kernel/json-patch.ts'
import type { Identity, IdentityDocument, VerifiableAddress } from '../record.ts'
import { deriveFromTraits } from '../traits.ts'
import { type Changed, changeById } from './change.ts'
import { changedTraits, checkGiven, schemaIdOf, stateOf } from './draft.ts'
import { patchedCredentials } from './patch-credentials.ts'

/** Paths that cannot be patched (Kratos). */
const denied = ['/id', '/statechangedat', '/credentials', '/credentials/oidc/**']
const refuse = (what: string) => ApiError.badRequest({ reason: `The patch cannot be applied: ${what}.` })
const refuseText = (reason: string) => ApiError.badRequest({ reason })
const checkTypes = typeChecker(IdentityModel, { closed: false, refuse })

/**
 * Modifies an identity with a JSON Patch. The patch is parsed after the lookup: as in Kratos, a missing identity is
 * reported before an invalid patch.
 */
export async function patchIdentity(ctx: Context, idText: string, patchText: string): Promise<Changed> {
  return changeById(ctx, idText, (before) => {
    const patch = parseJson(patchText, refuseText)
    return applyToIdentity(
      ctx,
      before,
      withPatchErrors(() => readPatch(patch, denied)),
    )
  })
}

function withPatchErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof PatchError) throw refuse(error.message)
    throw error
  }
}

function applyToIdentity(ctx: Context, before: Identity, operations: readonly PatchOperation[]): Identity {
  const { document, credentials, metadataAdmin } = before
  const result = withPatchErrors(() =>
    applyPatch({ ...document, credentials, metadata_admin: metadataAdmin ?? null }, operations),
  )
  const after = checkTypes(result) as Partial<IdentityModel>
  checkGiven(after)
  const schemaId = schemaIdOf(ctx, after.schema_id)
  const state = stateOf(after.state ?? '')
  return deriveFromTraits(ctx, {
    document: {
      ...withoutExternalId(document),
      ...(after.external_id && { external_id: after.external_id }),
      schema_id: schemaId,
      state,
      state_changed_at: state === document.state ? document.state_changed_at : timestamp(ctx.clock.now()),
      traits: changedTraits(ctx, document, schemaId, after.traits),
      verifiable_addresses: patchedAddresses(
        ctx,
        document.verifiable_addresses ?? [],
        after.verifiable_addresses ?? [],
      ),
      metadata_public: after.metadata_public ?? null,
      organization_id: after.organization_id ?? null,
    },
    metadataAdmin: after.metadata_admin,
    credentials: patchedCredentials(ctx, { id: document.id, credentials }, after.credentials ?? {}),
  })
}

function withoutExternalId({ external_id: _, ...document }: IdentityDocument) {
  return document
}

/** The status of addresses can be patched; the set of addresses is derived from the traits. */
function patchedAddresses(
  ctx: Context,
  before: readonly VerifiableAddress[],
  given: NonNullable<IdentityModel['verifiable_addresses']>,
): VerifiableAddress[] {
  return before.flatMap((address) => {
    const found = given.find((one) => one?.id === address.id && one.value === address.value && one.via === address.via)
    if (!found) return []
    const { verified_at: verifiedAt, ...rest } = address
    const verified = found.verified === true
    const same = verified === address.verified && found.status === address.status
    const now = timestamp(ctx.clock.now())
    return {
      ...rest,
      verified,
      status: found.status || 'pending',
      ...(verified && { verified_at: found.verified_at ?? verifiedAt ?? now }),
      updated_at: same ? address.updated_at : now,
    }
  })
}

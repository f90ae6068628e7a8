import { ApiError, type UpdateIdentityBody } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { parseId } from '../id.ts'
import type { Identity } from '../record.ts'
import { findRow } from '../store.ts'
import { deriveFromTraits } from '../traits.ts'
import { type Changed, changeById } from './change.ts'
import { changedTraits, checkGiven, stateOf } from './draft.ts'
import { type PreparedImport, prepareImport, withImport } from './import.ts'

type Given = Partial<UpdateIdentityBody>

/** Replaces an identity except for its credentials; given credentials are added to the existing ones. */
export async function updateIdentity(ctx: Context, idText: string, given: Given): Promise<Changed> {
  const id = parseId(idText)
  // As in Kratos, a missing identity is reported before an invalid replacement.
  if (!id || !(await findRow(ctx, { id }))) throw ApiError.notFound()
  checkGiven(given)
  // Hashing is slow, so it runs before the transaction.
  const prepared = await prepareImport(ctx, given.credentials)
  return changeById(ctx, id, (before) => replaceIdentity(ctx, before, given, prepared))
}

function replaceIdentity(ctx: Context, before: Identity, body: Given, prepared: PreparedImport): Identity {
  const { external_id: _, ...document } = before.document
  const schemaId = body.schema_id || document.schema_id
  const state = body.state ? stateOf(body.state) : document.state
  return deriveFromTraits(ctx, {
    document: {
      ...document,
      ...(body.external_id && { external_id: body.external_id }),
      schema_id: schemaId,
      state,
      state_changed_at: state === document.state ? document.state_changed_at : timestamp(ctx.clock.now()),
      traits: changedTraits(ctx, document, schemaId, body.traits),
      metadata_public: body.metadata_public ?? null,
    },
    metadataAdmin: body.metadata_admin,
    credentials: withImport(ctx, { id: document.id, credentials: before.credentials }, prepared),
  })
}

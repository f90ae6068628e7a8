import { ApiError, type UpdateIdentityBody } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { json, type Reply } from '../../kernel/http/index.ts'
import { parseId } from '../id.ts'
import type { Identity } from '../record.ts'
import { changeIdentity } from '../save.ts'
import { deriveFromTraits } from '../traits.ts'
import { schemaUrl } from '../view.ts'
import { answeringConflicts } from './conflict.ts'
import { checkGiven, stateOf, validTraits } from './draft.ts'
import { type PreparedImport, prepareImport, withImport } from './import.ts'
import { changedView } from './view.ts'

type Given = Partial<UpdateIdentityBody>

/** Replaces an identity but for its credentials: those that are given join the others. */
export async function updateByAdmin(ctx: Context, idText: string, body: Given): Promise<Reply> {
  checkGiven(body)
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  // Hashing takes its time, so it is done before the transaction.
  const prepared = await prepareImport(ctx, body.credentials)
  let schemaBefore = ''
  const changed = await answeringConflicts(() =>
    changeIdentity(ctx, id, (before) => {
      schemaBefore = before.document.schema_id
      return replaced(ctx, before, body, prepared)
    }),
  )
  if (!changed) throw ApiError.notFound()
  // Kratos answers a change of schema with the address of the one before.
  return json(200, { ...changedView(ctx, changed), schema_url: schemaUrl(ctx, schemaBefore) })
}

function replaced(ctx: Context, before: Identity, body: Given, prepared: PreparedImport): Identity {
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
      traits: validTraits(ctx, schemaId, body.traits),
      metadata_public: body.metadata_public ?? null,
    },
    metadataAdmin: body.metadata_admin,
    credentials: withImport(ctx, before.credentials, prepared),
  })
}

import type { Context } from '../../kernel/context.ts'
import { json, type Reply } from '../../kernel/http/index.ts'
import { saveNew } from '../save.ts'
import { answeringConflicts } from './conflict.ts'
import { checkGiven, type GivenIdentity, identityOf, schemaIdOf, validTraits } from './draft.ts'
import { checkImport, prepareImport } from './import.ts'
import { createdView } from './view.ts'

/** Creates an identity, with imported credentials if wanted. */
export async function createByAdmin(ctx: Context, body: GivenIdentity): Promise<Reply> {
  checkGiven(body)
  checkImport(ctx, body.credentials)
  const traits = validTraits(ctx, schemaIdOf(ctx, body.schema_id), body.traits)
  const identity = identityOf(ctx, body, traits, await prepareImport(ctx, body.credentials))
  await answeringConflicts(() => saveNew(ctx, identity), {
    reason: 'Another identity has one of these identifiers, addresses or ids already.',
  })
  const location = `${ctx.config.identity.serve.admin.base_url.replace(/\/+$/, '')}/identities/${identity.document.id}`
  return json(201, createdView(ctx, identity), { headers: { location } })
}

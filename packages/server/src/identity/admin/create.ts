import type { Context } from '../../kernel/context.ts'
import type { Identity } from '../record.ts'
import { saveNew } from '../save.ts'
import { answeringConflicts } from './conflict.ts'
import { checkGiven, type GivenIdentity, identityOf, schemaIdOf, validTraits } from './draft.ts'
import { checkImport, prepareImport } from './import.ts'

/** Creates an identity, optionally with imported credentials. */
export async function createIdentity(ctx: Context, given: GivenIdentity): Promise<Identity> {
  checkGiven(given)
  checkImport(ctx, given.credentials)
  const traits = validTraits(ctx, schemaIdOf(ctx, given.schema_id), given.traits)
  const identity = identityOf(ctx, given, traits, await prepareImport(ctx, given.credentials))
  await answeringConflicts(() => saveNew(ctx, identity), {
    reason: 'Another identity has one of these identifiers, addresses or ids already.',
  })
  return identity
}

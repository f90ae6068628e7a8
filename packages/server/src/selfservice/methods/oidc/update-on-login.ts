import { isDeepStrictEqual } from 'node:util'
import {
  changeIdentity,
  compiledSchema,
  deriveFromTraits,
  type Identity,
  IdentityConflict,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { verifiedIdentity } from '../../flow/address-status.ts'
import type { Proven } from './connection.ts'
import { mergeTraits } from './mapped-traits.ts'
import { type MappedIdentity, mapClaims } from './mapper.ts'

/**
 * With `update_identity_on_login: automatic`, updates traits and metadata by what the provider says now. Traits that the
 * provider does not say remain. A change that cannot be stored is logged and left out, so that the sign-in goes on.
 */
export async function updatedIdentity(
  ctx: Context,
  identity: Identity,
  { config, vouched }: Proven,
): Promise<Identity> {
  if (config.update_identity_on_login !== 'automatic') return identity
  const mapped = await mapClaims(ctx, config, vouched.claims)
  const log = (reason: string) =>
    ctx.log.warn({ provider: config.id, reason }, 'an identity was not updated at sign-in')
  const { schema_id: schemaId } = identity.document
  const traits = mergeTraits(identity.document.traits, mapped.traits)
  if (compiledSchema(ctx, schemaId).validate(traits).length > 0) {
    log('the traits do not fit their schema')
    return identity
  }
  if (isDeepStrictEqual(apply(ctx, identity, mapped), identity)) return identity
  try {
    return (await changeIdentity(ctx, identity.document.id, (stored) => apply(ctx, stored, mapped))) ?? identity
  } catch (error) {
    if (!(error instanceof IdentityConflict)) throw error
    log('an identifier or address belongs to another identity')
    return identity
  }
}

function apply(ctx: Context, identity: Identity, mapped: MappedIdentity): Identity {
  const { document } = identity
  const traits = mergeTraits(document.traits, mapped.traits)
  const { metadataPublic = document.metadata_public, metadataAdmin = identity.metadataAdmin } = mapped
  const changed = deriveFromTraits(ctx, {
    ...identity,
    document: { ...document, traits, metadata_public: metadataPublic },
    metadataAdmin,
  })
  return mapped.verified.reduce((one, { via, value }) => verifiedIdentity(ctx, one, via, value), changed)
}

import { ApiError } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { countFirstFactors, definitionOf } from '../credentials/index.ts'
import { parseId } from '../id.ts'
import type { Credential, Identity } from '../record.ts'
import { changeIdentity } from '../save.ts'

/** Deletes a credential from an identity, but never its last first factor. Throws 404 if it has none of this type. */
export async function deleteCredentials(
  ctx: Context,
  idText: string,
  { type, identifier }: { type: string; identifier?: string },
): Promise<void> {
  const id = parseId(idText)
  if (!id) throw ApiError.notFound()
  const changed = await changeIdentity(ctx, id, (identity) => {
    const credential = Object.values(identity.credentials).find((one) => one.type === type)
    if (!credential) throw ApiError.notFound({ reason: 'The identity has no credentials of this type.' })
    return { ...identity, credentials: without(ctx, identity, { credential, identifier }) }
  })
  if (!changed) throw ApiError.notFound()
}

function without(
  ctx: Context,
  identity: Identity,
  { credential, identifier }: { credential: Credential; identifier: string | undefined },
): Identity['credentials'] {
  const removal = definitionOf(credential.type)?.removal
  if (!removal) throw ApiError.badRequest({ reason: `Credentials of the type ${credential.type} cannot be deleted.` })
  const only = ApiError.badRequest({ reason: 'This is the only way in which the identity can sign in.' })
  if (removal.keepsLastFirstFactor && countFirstFactors(ctx, identity) < 2) throw only
  const { [credential.type]: _, ...others } = identity.credentials
  const left = removal.remove(credential, { identifier })
  const remaining = left
    ? { ...others, [credential.type]: { ...left, updated_at: timestamp(ctx.clock.now()) } }
    : others
  // A credential can hold several first factors.
  if (removal.keepsLastFirstFactor && countFirstFactors(ctx, { credentials: remaining }) === 0) throw only
  return remaining
}

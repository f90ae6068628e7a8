import {
  changeIdentity,
  findConflict,
  findIdentity,
  type Identity,
  newIdentity,
  type VerifiableAddress,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Flow } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { connectionFrom, type Proven, withConnection } from './connection.ts'
import { mapClaims } from './mapper.ts'

/**
 * With `account_linking_mode: automatic`, connects somebody to the account with the same address if both sides are
 * verified: the mapper says that the provider has verified the address, and the account has verified it too. Otherwise
 * somebody else could have registered the address before, at either of them. Returns the account, if there is one.
 */
export async function linkWhereVerified(ctx: Context, flow: Flow, proven: Proven): Promise<Identity | undefined> {
  const { config, vouched } = proven
  if (config.account_linking_mode !== 'automatic') return undefined
  const { traits, verified } = await mapClaims(ctx, config, vouched.claims)
  const isVouched = ({ via, value }: Pick<VerifiableAddress, 'via' | 'value'>) =>
    verified.some((one) => one.via === via && one.value === value)
  // The draft is not stored, so that its traits need not be complete.
  const draft = newIdentity(ctx, { schemaId: schemaOf(ctx, flow), traits })
  const conflict = await findConflict(ctx, draft)
  const owner = conflict?.ownerId ? await findIdentity(ctx, conflict.ownerId) : undefined
  const taken = conflict && 'value' in conflict.taken ? conflict.taken.value : undefined
  const addresses = owner?.document.verifiable_addresses ?? []
  const isBoth = addresses.some((one) => one.value === taken && one.verified && isVouched(one))
  if (!owner || !isBoth || owner.document.state !== 'active') return undefined
  return changeIdentity(ctx, owner.document.id, (identity) => withConnection(ctx, identity, connectionFrom(proven)))
}

import Type, { type Static } from 'typebox'
import { operation } from '../contract.ts'
import { IdPath } from '../parameters.ts'
import { DateTime, Int64, Uuid } from '../schema.ts'
import { Identity } from './models.ts'

export type MergeIdentitiesBody = Static<typeof MergeIdentitiesBody>
export const MergeIdentitiesBody = Type.Object(
  {
    /** The identity that is merged into the one of the path, and deleted. */
    from: Type.String(),
    /** Whether the result is only shown. */
    preview: Type.Optional(Type.Boolean()),
  },
  { title: 'mergeIdentitiesBody' },
)

const Address = Type.Object({ via: Type.String(), value: Type.String(), verified: Type.Boolean() })

export type IdentityMerge = Static<typeof IdentityMerge>
export const IdentityMerge = Type.Object(
  {
    /** The ID for undoing the merge; absent in a preview. */
    id: Type.Optional(Uuid),
    preview: Type.Boolean(),
    undo_until: Type.Optional(DateTime),
    /** The surviving identity after the merge. */
    identity: Identity,
    traits: Type.Object({
      /** JSON pointers of the traits that come from the merged identity. */
      added: Type.Array(Type.String()),
      conflicts: Type.Array(Type.Object({ path: Type.String(), kept: Type.Unknown(), lost: Type.Unknown() })),
    }),
    credentials: Type.Object({
      moved: Type.Array(Type.String()),
      conflicts: Type.Array(Type.Object({ type: Type.String(), reason: Type.String() })),
    }),
    addresses: Type.Object({ added: Type.Array(Address), lost: Type.Array(Address) }),
    members: Type.Object({ moved: Type.Array(Type.String()), lost: Type.Array(Type.String()) }),
    /** The sessions of the merged identity, which end. */
    sessions: Type.Object({ ended: Int64 }),
  },
  { title: 'identityMerge' },
)

export type UndoneIdentityMerge = Static<typeof UndoneIdentityMerge>
export const UndoneIdentityMerge = Type.Object(
  { identity_id: Uuid, restored_id: Uuid },
  { title: 'undoneIdentityMerge' },
)

export const mergeIdentities = operation({
  id: 'mergeIdentities',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/identities/{id}/merge',
  summary: 'Merge another identity into an identity, or preview the result',
  description: 'A Latchkey extension. The merge can be undone for 30 days.',
  params: IdPath,
  body: MergeIdentitiesBody,
  returns: { 200: IdentityMerge },
  errors: [400, 404, 409],
})

export const undoIdentityMerge = operation({
  id: 'undoIdentityMerge',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/identity-merges/{id}/undo',
  summary: 'Undo a merge of identities',
  description: 'A Latchkey extension.',
  params: IdPath,
  returns: { 200: UndoneIdentityMerge },
  errors: [404, 409],
})

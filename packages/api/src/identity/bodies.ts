import Type, { type Static } from 'typebox'
import { GenericError } from '../error-models.ts'
import { AnyObject, NullUuid, OneOf, Uuid } from '../schema.ts'
import { IdentityWithCredentials } from './credentials.ts'
import { RecoveryIdentityAddress, Region, VerifiableIdentityAddress } from './models.ts'

export type IdentityPatchResponse = Static<typeof IdentityPatchResponse>
export const IdentityPatchResponse = Type.Object(
  {
    action: Type.Optional(OneOf(['create', 'error'])),
    error: Type.Optional(GenericError),
    identity: Type.Optional(Uuid),
    patch_id: Type.Optional(Uuid),
  },
  { title: 'identityPatchResponse' },
)

export type BatchPatchIdentitiesResponse = Static<typeof BatchPatchIdentitiesResponse>
export const BatchPatchIdentitiesResponse = Type.Object(
  { identities: Type.Optional(Type.Array(IdentityPatchResponse)) },
  { title: 'batchPatchIdentitiesResponse' },
)

export type CreateIdentityBody = Static<typeof CreateIdentityBody>
export const CreateIdentityBody = Type.Object(
  {
    schema_id: Type.String(),
    traits: AnyObject(),
    credentials: Type.Optional(IdentityWithCredentials),
    external_id: Type.Optional(Type.String()),
    metadata_admin: Type.Optional(Type.Unknown()),
    metadata_public: Type.Optional(Type.Unknown()),
    organization_id: Type.Optional(NullUuid),
    recovery_addresses: Type.Optional(Type.Array(RecoveryIdentityAddress)),
    region: Type.Optional(Region),
    state: Type.Optional(OneOf(['active', 'inactive'])),
    verifiable_addresses: Type.Optional(Type.Array(VerifiableIdentityAddress)),
  },
  { title: 'createIdentityBody' },
)

export type IdentityPatch = Static<typeof IdentityPatch>
export const IdentityPatch = Type.Object(
  { create: Type.Optional(CreateIdentityBody), patch_id: Type.Optional(Uuid) },
  { title: 'identityPatch' },
)

export type PatchIdentitiesBody = Static<typeof PatchIdentitiesBody>
export const PatchIdentitiesBody = Type.Object(
  { identities: Type.Optional(Type.Array(IdentityPatch)) },
  { title: 'patchIdentitiesBody' },
)

export type UpdateIdentityBody = Static<typeof UpdateIdentityBody>
export const UpdateIdentityBody = Type.Object(
  {
    schema_id: Type.String(),
    traits: AnyObject(),
    state: OneOf(['active', 'inactive']),
    credentials: Type.Optional(IdentityWithCredentials),
    external_id: Type.Optional(Type.String()),
    metadata_admin: Type.Optional(Type.Unknown()),
    metadata_public: Type.Optional(Type.Unknown()),
    region: Type.Optional(Region),
  },
  { title: 'updateIdentityBody' },
)

import Type, { type Static } from 'typebox'
import { DateTime, NullJsonRawMessage, NullTime, NullUuid, OneOf, Uuid } from '../schema.ts'
import { IdentityCredentials } from './credentials.ts'

/** Where a person's data is to be kept. */
export const Region = OneOf(['eu-central', 'asia-northeast', 'us-east', 'us-west', 'eu', 'asia', 'us', 'global'])

export type RecoveryIdentityAddress = Static<typeof RecoveryIdentityAddress>
export const RecoveryIdentityAddress = Type.Object(
  {
    value: Type.String(),
    via: Type.String(),
    break_glass_for_organization: Type.Optional(NullUuid),
    created_at: Type.Optional(DateTime),
    id: Type.Optional(Uuid),
    updated_at: Type.Optional(DateTime),
  },
  { title: 'recoveryIdentityAddress' },
)

export type IdentityVerifiableAddressStatus = Static<typeof IdentityVerifiableAddressStatus>
export const IdentityVerifiableAddressStatus = Type.String({ title: 'identityVerifiableAddressStatus' })

export type VerifiableIdentityAddress = Static<typeof VerifiableIdentityAddress>
export const VerifiableIdentityAddress = Type.Object(
  {
    value: Type.String(),
    verified: Type.Boolean(),
    via: OneOf(['email', 'sms']),
    status: IdentityVerifiableAddressStatus,
    created_at: Type.Optional(DateTime),
    id: Type.Optional(Uuid),
    updated_at: Type.Optional(DateTime),
    verified_at: Type.Optional(NullTime),
  },
  { title: 'verifiableIdentityAddress' },
)

export type IdentityTraits = Static<typeof IdentityTraits>
export const IdentityTraits = Type.Unknown({ title: 'identityTraits' })

export type Identity = Static<typeof Identity>
export const Identity = Type.Object(
  {
    id: Uuid,
    schema_id: Type.String(),
    schema_url: Type.String(),
    traits: IdentityTraits,
    created_at: Type.Optional(DateTime),
    credentials: Type.Optional(Type.Record(Type.String(), IdentityCredentials)),
    external_id: Type.Optional(Type.String()),
    metadata_admin: Type.Optional(NullJsonRawMessage),
    metadata_public: Type.Optional(NullJsonRawMessage),
    organization_id: Type.Optional(NullUuid),
    recovery_addresses: Type.Optional(Type.Array(RecoveryIdentityAddress)),
    region: Type.Optional(Region),
    state: Type.Optional(OneOf(['active', 'inactive'])),
    state_changed_at: Type.Optional(NullTime),
    updated_at: Type.Optional(DateTime),
    verifiable_addresses: Type.Optional(Type.Array(VerifiableIdentityAddress)),
  },
  { title: 'identity' },
)

import Type, { type Static } from 'typebox'
import { DateTime, Duration, Uuid } from '../schema.ts'
import { SelfServiceFlowType } from './flows.ts'

export type CreateRecoveryCodeForIdentityBody = Static<typeof CreateRecoveryCodeForIdentityBody>
export const CreateRecoveryCodeForIdentityBody = Type.Object(
  {
    identity_id: Uuid,
    expires_in: Type.Optional(Duration),
    flow_type: Type.Optional(SelfServiceFlowType),
  },
  { title: 'createRecoveryCodeForIdentityBody' },
)

export type CreateRecoveryLinkForIdentityBody = Static<typeof CreateRecoveryLinkForIdentityBody>
export const CreateRecoveryLinkForIdentityBody = Type.Object(
  {
    identity_id: Uuid,
    expires_in: Type.Optional(Duration),
  },
  { title: 'createRecoveryLinkForIdentityBody' },
)

export type RecoveryCodeForIdentity = Static<typeof RecoveryCodeForIdentity>
export const RecoveryCodeForIdentity = Type.Object(
  { recovery_link: Type.String(), recovery_code: Type.String(), expires_at: Type.Optional(DateTime) },
  { title: 'recoveryCodeForIdentity' },
)

export type RecoveryLinkForIdentity = Static<typeof RecoveryLinkForIdentity>
export const RecoveryLinkForIdentity = Type.Object(
  { recovery_link: Type.String(), expires_at: Type.Optional(DateTime) },
  { title: 'recoveryLinkForIdentity' },
)

export type CreateTestLoginFlowBody = Static<typeof CreateTestLoginFlowBody>
export const CreateTestLoginFlowBody = Type.Object(
  { provider_id: Type.String({ maxLength: 255 }) },
  { title: 'createTestLoginFlowBody' },
)

import Type, { type Static } from 'typebox'
import { AnyObject } from '../../schema.ts'

export type UpdateRecoveryFlowWithLinkMethod = Static<typeof UpdateRecoveryFlowWithLinkMethod>
export const UpdateRecoveryFlowWithLinkMethod = Type.Object(
  {
    email: Type.String(),
    method: Type.Literal('link'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRecoveryFlowWithLinkMethod' },
)

export type UpdateRecoveryFlowWithCodeMethod = Static<typeof UpdateRecoveryFlowWithCodeMethod>
export const UpdateRecoveryFlowWithCodeMethod = Type.Object(
  {
    method: Type.Literal('code'),
    code: Type.Optional(Type.String()),
    csrf_token: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    recovery_address: Type.Optional(Type.String()),
    recovery_confirm_address: Type.Optional(Type.String()),
    recovery_select_address: Type.Optional(Type.String()),
    screen: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRecoveryFlowWithCodeMethod' },
)

export type UpdateRecoveryFlowBody = Static<typeof UpdateRecoveryFlowBody>
export const UpdateRecoveryFlowBody = Type.Union([UpdateRecoveryFlowWithLinkMethod, UpdateRecoveryFlowWithCodeMethod], {
  title: 'updateRecoveryFlowBody',
})

import Type, { type Static } from 'typebox'
import { AnyObject } from '../../schema.ts'

export type UpdateVerificationFlowWithLinkMethod = Static<typeof UpdateVerificationFlowWithLinkMethod>
export const UpdateVerificationFlowWithLinkMethod = Type.Object(
  {
    email: Type.String(),
    method: Type.Literal('link'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateVerificationFlowWithLinkMethod' },
)

export type UpdateVerificationFlowWithCodeMethod = Static<typeof UpdateVerificationFlowWithCodeMethod>
export const UpdateVerificationFlowWithCodeMethod = Type.Object(
  {
    method: Type.Literal('code'),
    code: Type.Optional(Type.String()),
    csrf_token: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateVerificationFlowWithCodeMethod' },
)

export type UpdateVerificationFlowBody = Static<typeof UpdateVerificationFlowBody>
export const UpdateVerificationFlowBody = Type.Union(
  [UpdateVerificationFlowWithLinkMethod, UpdateVerificationFlowWithCodeMethod],
  { title: 'updateVerificationFlowBody' },
)

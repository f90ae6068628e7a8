import Type from 'typebox'
import { operation } from '../../contract.ts'
import {
  CreateRecoveryCodeForIdentityBody,
  CreateRecoveryLinkForIdentityBody,
  CreateTestLoginFlowBody,
  RecoveryCodeForIdentity,
  RecoveryLinkForIdentity,
} from '../admin.ts'
import { FlowExplanation } from '../explanation.ts'
import { LoginFlow } from '../flows.ts'
import { ImpersonateIdentityBody, Impersonation } from '../impersonation.ts'

export const createRecoveryCodeForIdentity = operation({
  id: 'createRecoveryCodeForIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/recovery/code',
  summary: 'Create a recovery code for an identity',
  body: CreateRecoveryCodeForIdentityBody,
  returns: { 201: RecoveryCodeForIdentity },
  errors: [400, 404],
})

export const createRecoveryLinkForIdentity = operation({
  id: 'createRecoveryLinkForIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/recovery/link',
  summary: 'Create a recovery link for an identity',
  query: Type.Object({ return_to: Type.Optional(Type.String()) }),
  body: CreateRecoveryLinkForIdentityBody,
  returns: { 200: RecoveryLinkForIdentity },
  errors: [400, 404],
})

export const createTestLoginFlow = operation({
  id: 'createTestLoginFlow',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/test-login-flows',
  summary: 'Create a login flow that tests a sign-in provider',
  description: 'The flow signs nobody in. What the provider says is returned in its `test_context`.',
  body: CreateTestLoginFlowBody,
  returns: { 201: LoginFlow },
  errors: [400, 404],
})

export const impersonateIdentity = operation({
  id: 'impersonateIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/identities/{id}/impersonate',
  summary: 'Create a session in which an administrator acts as an identity',
  description: 'A Latchkey extension, which `session.impersonation.enabled` switches on.',
  params: Type.Object({ id: Type.String() }),
  body: ImpersonateIdentityBody,
  returns: { 201: Impersonation },
  errors: [400, 404, 409],
})

export const explainFlow = operation({
  id: 'explainFlow',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/explanations/{id}',
  summary: 'Explain what happened in a flow',
  description:
    'The ID is that of a flow, or of the error page that it led to. Secrets and typed values are not recorded.',
  params: Type.Object({ id: Type.String() }),
  returns: { 200: FlowExplanation },
  errors: [400, 404],
})

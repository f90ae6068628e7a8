import Type from 'typebox'
import { operation } from '../../contract.ts'
import {
  CreateRecoveryCodeForIdentityBody,
  CreateRecoveryLinkForIdentityBody,
  RecoveryCodeForIdentity,
  RecoveryLinkForIdentity,
} from '../admin.ts'

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

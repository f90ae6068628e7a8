import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader } from '../../parameters.ts'
import { UpdateRecoveryFlowBody } from '../bodies/recovery.ts'
import { ErrorBrowserLocationChangeRequired, RecoveryFlow } from '../flows.ts'

export const createBrowserRecoveryFlow = operation({
  id: 'createBrowserRecoveryFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/recovery/browser',
  summary: 'Create a recovery flow for browsers',
  query: Type.Object({ return_to: Type.Optional(Type.String()), skip_settings: Type.Optional(Type.String()) }),
  returns: { 200: RecoveryFlow, 303: null },
  errors: [400],
})

export const createNativeRecoveryFlow = operation({
  id: 'createNativeRecoveryFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/recovery/api',
  summary: 'Create a recovery flow for native apps',
  returns: { 200: RecoveryFlow },
  errors: [400],
})

export const getRecoveryFlow = operation({
  id: 'getRecoveryFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/recovery/flows',
  summary: 'Get a recovery flow',
  query: Type.Object({ id: Type.String() }),
  headers: CookieHeader,
  returns: { 200: RecoveryFlow },
  errors: [404, 410],
})

export const updateRecoveryFlow = operation({
  id: 'updateRecoveryFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/recovery',
  summary: 'Submit a recovery flow',
  query: Type.Object({ flow: Type.String(), token: Type.Optional(Type.String()) }),
  headers: CookieHeader,
  body: UpdateRecoveryFlowBody,
  form: true,
  returns: { 200: RecoveryFlow, 303: null, 400: RecoveryFlow, 422: ErrorBrowserLocationChangeRequired },
  errors: [410],
})

import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader } from '../../parameters.ts'
import { UpdateVerificationFlowBody } from '../bodies/verification.ts'
import { VerificationFlow } from '../flows.ts'

export const createBrowserVerificationFlow = operation({
  id: 'createBrowserVerificationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/verification/browser',
  summary: 'Create a verification flow for browsers',
  query: Type.Object({ return_to: Type.Optional(Type.String()) }),
  returns: { 200: VerificationFlow, 303: null },
  errors: [],
})

export const createNativeVerificationFlow = operation({
  id: 'createNativeVerificationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/verification/api',
  summary: 'Create a verification flow for native apps',
  query: Type.Object({ return_to: Type.Optional(Type.String()) }),
  returns: { 200: VerificationFlow },
  errors: [400],
})

export const getVerificationFlow = operation({
  id: 'getVerificationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/verification/flows',
  summary: 'Get a verification flow',
  query: Type.Object({ id: Type.String() }),
  headers: CookieHeader,
  returns: { 200: VerificationFlow },
  errors: [403, 404, 410],
})

export const updateVerificationFlow = operation({
  id: 'updateVerificationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/verification',
  summary: 'Submit a verification flow',
  query: Type.Object({ flow: Type.String(), token: Type.Optional(Type.String()) }),
  headers: CookieHeader,
  body: UpdateVerificationFlowBody,
  form: true,
  returns: { 200: VerificationFlow, 303: null, 400: VerificationFlow },
  errors: [410],
})

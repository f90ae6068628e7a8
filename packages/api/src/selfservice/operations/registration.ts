import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader } from '../../parameters.ts'
import { UpdateRegistrationFlowBody } from '../bodies/registration.ts'
import { ErrorBrowserLocationChangeRequired, RegistrationFlow, SuccessfulNativeRegistration } from '../flows.ts'

export const createBrowserRegistrationFlow = operation({
  id: 'createBrowserRegistrationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/registration/browser',
  summary: 'Create a registration flow for browsers',
  query: Type.Object({
    return_to: Type.Optional(Type.String()),
    login_challenge: Type.Optional(Type.String()),
    after_verification_return_to: Type.Optional(Type.String()),
    organization: Type.Optional(Type.String()),
    identity_schema: Type.Optional(Type.String()),
  }),
  returns: { 200: RegistrationFlow, 303: null },
  errors: [],
})

export const createNativeRegistrationFlow = operation({
  id: 'createNativeRegistrationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/registration/api',
  summary: 'Create a registration flow for native apps',
  query: Type.Object({
    return_session_token_exchange_code: Type.Optional(Type.Boolean()),
    return_to: Type.Optional(Type.String()),
    organization: Type.Optional(Type.String()),
    identity_schema: Type.Optional(Type.String()),
  }),
  returns: { 200: RegistrationFlow },
  errors: [400],
})

export const getRegistrationFlow = operation({
  id: 'getRegistrationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/registration/flows',
  summary: 'Get a registration flow',
  query: Type.Object({ id: Type.String() }),
  headers: CookieHeader,
  returns: { 200: RegistrationFlow },
  errors: [403, 404, 410],
})

export const updateRegistrationFlow = operation({
  id: 'updateRegistrationFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/registration',
  summary: 'Submit a registration flow',
  query: Type.Object({ flow: Type.String() }),
  headers: CookieHeader,
  body: UpdateRegistrationFlowBody,
  form: true,
  returns: {
    200: SuccessfulNativeRegistration,
    303: null,
    400: RegistrationFlow,
    422: ErrorBrowserLocationChangeRequired,
  },
  errors: [410],
})

import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader, SessionHeaders, TokenHeader } from '../../parameters.ts'
import { UpdateLoginFlowBody } from '../bodies/login.ts'
import { ErrorBrowserLocationChangeRequired, LoginFlow, SuccessfulNativeLogin } from '../flows.ts'

export const createBrowserLoginFlow = operation({
  id: 'createBrowserLoginFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/login/browser',
  summary: 'Create a login flow for browsers',
  query: Type.Object({
    refresh: Type.Optional(Type.Boolean()),
    aal: Type.Optional(Type.String()),
    return_to: Type.Optional(Type.String()),
    login_challenge: Type.Optional(Type.String()),
    organization: Type.Optional(Type.String()),
    via: Type.Optional(Type.String()),
    identity_schema: Type.Optional(Type.String()),
  }),
  headers: CookieHeader,
  returns: { 200: LoginFlow, 303: null },
  errors: [400],
})

export const createNativeLoginFlow = operation({
  id: 'createNativeLoginFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/login/api',
  summary: 'Create a login flow for native apps',
  query: Type.Object({
    refresh: Type.Optional(Type.Boolean()),
    aal: Type.Optional(Type.String()),
    return_session_token_exchange_code: Type.Optional(Type.Boolean()),
    return_to: Type.Optional(Type.String()),
    organization: Type.Optional(Type.String()),
    via: Type.Optional(Type.String()),
    identity_schema: Type.Optional(Type.String()),
  }),
  headers: TokenHeader,
  returns: { 200: LoginFlow },
  errors: [400],
})

export const getLoginFlow = operation({
  id: 'getLoginFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/login/flows',
  summary: 'Get a login flow',
  query: Type.Object({ id: Type.String() }),
  headers: CookieHeader,
  returns: { 200: LoginFlow },
  errors: [403, 404, 410],
})

export const updateLoginFlow = operation({
  id: 'updateLoginFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/login',
  summary: 'Submit a login flow',
  query: Type.Object({ flow: Type.String() }),
  headers: SessionHeaders,
  body: UpdateLoginFlowBody,
  form: true,
  returns: { 200: SuccessfulNativeLogin, 303: null, 400: LoginFlow, 422: ErrorBrowserLocationChangeRequired },
  errors: [410],
})

export const deleteTestLoginFlow = operation({
  id: 'deleteTestLoginFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'DELETE',
  path: '/self-service/login/test',
  summary: 'Delete a login flow that tests a sign-in provider',
  query: Type.Object({ id: Type.String() }),
  headers: CookieHeader,
  returns: { 204: null },
  errors: [400, 403, 404],
})

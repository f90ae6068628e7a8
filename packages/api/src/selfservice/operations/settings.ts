import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader, SessionHeaders, TokenHeader } from '../../parameters.ts'
import { UpdateSettingsFlowBody } from '../bodies/settings.ts'
import { ErrorBrowserLocationChangeRequired, SettingsFlow } from '../flows.ts'

export const createBrowserSettingsFlow = operation({
  id: 'createBrowserSettingsFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/settings/browser',
  summary: 'Create a settings flow for browsers',
  query: Type.Object({ return_to: Type.Optional(Type.String()), organization: Type.Optional(Type.String()) }),
  headers: CookieHeader,
  returns: { 200: SettingsFlow, 303: null },
  errors: [400, 401, 403],
})

export const createNativeSettingsFlow = operation({
  id: 'createNativeSettingsFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/settings/api',
  summary: 'Create a settings flow for native apps',
  query: Type.Object({ organization: Type.Optional(Type.String()) }),
  headers: TokenHeader,
  returns: { 200: SettingsFlow },
  errors: [400],
})

export const getSettingsFlow = operation({
  id: 'getSettingsFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/settings/flows',
  summary: 'Get a settings flow',
  query: Type.Object({ id: Type.String() }),
  headers: SessionHeaders,
  returns: { 200: SettingsFlow },
  errors: [401, 403, 404, 410],
})

export const updateSettingsFlow = operation({
  id: 'updateSettingsFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/settings',
  summary: 'Submit a settings flow',
  query: Type.Object({ flow: Type.String() }),
  headers: SessionHeaders,
  body: UpdateSettingsFlowBody,
  form: true,
  returns: { 200: SettingsFlow, 303: null, 400: SettingsFlow, 422: ErrorBrowserLocationChangeRequired },
  errors: [401, 403, 410],
})

export const getWellKnownChangePassword = operation({
  id: 'getWellKnownChangePassword',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/change-password',
  summary: 'Redirect a password manager to the settings page (W3C, A Well-Known URL for Changing Passwords)',
  returns: { 303: null },
  errors: [],
})

import Type from 'typebox'
import { operation } from '../../contract.ts'
import { CookieHeader } from '../../parameters.ts'
import { LogoutFlow, PerformNativeLogoutBody } from '../flows.ts'

export const createBrowserLogoutFlow = operation({
  id: 'createBrowserLogoutFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/logout/browser',
  summary: 'Create a logout URL for browsers',
  query: Type.Object({ return_to: Type.Optional(Type.String()) }),
  headers: CookieHeader,
  returns: { 200: LogoutFlow },
  errors: [400, 401, 500],
})

export const updateLogoutFlow = operation({
  id: 'updateLogoutFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/logout',
  summary: 'Log out a browser',
  query: Type.Object({ token: Type.Optional(Type.String()), return_to: Type.Optional(Type.String()) }),
  headers: CookieHeader,
  returns: { 204: null, 303: null },
  errors: [],
})

export const performNativeLogout = operation({
  id: 'performNativeLogout',
  tag: 'frontend',
  plane: 'public',
  method: 'DELETE',
  path: '/self-service/logout/api',
  summary: 'Log out a native app',
  body: PerformNativeLogoutBody,
  returns: { 204: null },
  errors: [400],
})

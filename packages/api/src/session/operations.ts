import Type from 'typebox'
import { operation } from '../contract.ts'
import { IdPath, Paging, SessionHeaders, TokenPaging } from '../parameters.ts'
import { OneOf } from '../schema.ts'
import {
  BoundSessionInstructions,
  DeleteMySessionsCount,
  ManageSessionsBody,
  ManageSessionsResponse,
  Session,
} from './models.ts'

const Expand = { expand: Type.Optional(Type.Array(OneOf(['identity', 'devices']))) }

export const toSession = operation({
  id: 'toSession',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/sessions/whoami',
  summary: 'Get the session of the request (whoami)',
  query: Type.Object({ tokenize_as: Type.Optional(Type.String()) }),
  headers: SessionHeaders,
  returns: { 200: Session },
  errors: [401, 403],
})

export const listMySessions = operation({
  id: 'listMySessions',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/sessions',
  summary: 'List the other active sessions of the current identity',
  query: Type.Object(Paging),
  headers: SessionHeaders,
  returns: { 200: Type.Array(Session) },
  errors: [400, 401],
})

export const disableMyOtherSessions = operation({
  id: 'disableMyOtherSessions',
  tag: 'frontend',
  plane: 'public',
  method: 'DELETE',
  path: '/sessions',
  summary: 'Revoke all other sessions of the current identity',
  headers: SessionHeaders,
  returns: { 200: DeleteMySessionsCount },
  errors: [400, 401],
})

export const disableMySession = operation({
  id: 'disableMySession',
  tag: 'frontend',
  plane: 'public',
  method: 'DELETE',
  path: '/sessions/{id}',
  summary: 'Revoke another session of the current identity',
  params: IdPath,
  headers: SessionHeaders,
  returns: { 204: null },
  errors: [400, 401],
})

export const registerBoundSession = operation({
  id: 'registerBoundSession',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/sessions/device-bound/registration',
  summary: 'Bind the session of a sign-in to the key of a device (Device Bound Session Credentials)',
  description:
    'A Latchkey extension, which `session.device_bound.enabled` switches on. Browsers call it by themselves.',
  headers: Type.Object({ 'Secure-Session-Response': Type.Optional(Type.String()) }),
  returns: { 200: BoundSessionInstructions },
  errors: [400, 401, 404, 409],
})

export const refreshBoundSession = operation({
  id: 'refreshBoundSession',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/sessions/device-bound/refresh',
  summary: 'Refresh the cookie of a device by signing a challenge (Device Bound Session Credentials)',
  description: 'A Latchkey extension. Browsers call it by themselves.',
  headers: Type.Object({
    'Sec-Secure-Session-Id': Type.Optional(Type.String()),
    'Secure-Session-Response': Type.Optional(Type.String()),
  }),
  returns: { 200: BoundSessionInstructions },
  errors: [400, 401, 403, 404],
})

export const getBoundSessionOrigins = operation({
  id: 'getBoundSessionOrigins',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/device-bound-sessions',
  summary: 'List the origins that may bind sessions of the whole site (Device Bound Session Credentials)',
  returns: { 200: Type.Object({ registering_origins: Type.Array(Type.String()) }) },
  errors: [404],
})

export const listSessions = operation({
  id: 'listSessions',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/sessions',
  summary: 'List all sessions',
  query: Type.Object({ ...TokenPaging, active: Type.Optional(Type.Boolean()), ...Expand }),
  returns: { 200: Type.Array(Session) },
  errors: [400],
})

export const manageSessions = operation({
  id: 'manageSessions',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/sessions',
  summary: 'Revoke or delete many sessions',
  body: ManageSessionsBody,
  returns: { 200: ManageSessionsResponse },
  errors: [400, 401],
})

export const getSession = operation({
  id: 'getSession',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/sessions/{id}',
  summary: 'Get a session',
  params: IdPath,
  query: Type.Object(Expand),
  returns: { 200: Session },
  errors: [400, 404],
})

export const disableSession = operation({
  id: 'disableSession',
  tag: 'identity',
  plane: 'admin',
  method: 'DELETE',
  path: '/admin/sessions/{id}',
  summary: 'Revoke a session',
  params: IdPath,
  returns: { 204: null },
  errors: [400, 401, 404],
})

export const extendSession = operation({
  id: 'extendSession',
  tag: 'identity',
  plane: 'admin',
  method: 'PATCH',
  path: '/admin/sessions/{id}/extend',
  summary: 'Extend a session',
  params: IdPath,
  returns: { 200: Session, 204: null },
  errors: [400, 404],
})

export const listIdentitySessions = operation({
  id: 'listIdentitySessions',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/identities/{id}/sessions',
  summary: 'List the sessions of an identity',
  params: IdPath,
  query: Type.Object({ ...Paging, active: Type.Optional(Type.Boolean()) }),
  returns: { 200: Type.Array(Session) },
  errors: [400, 404],
})

export const deleteIdentitySessions = operation({
  id: 'deleteIdentitySessions',
  tag: 'identity',
  plane: 'admin',
  method: 'DELETE',
  path: '/admin/identities/{id}/sessions',
  summary: 'Delete all sessions of an identity',
  params: IdPath,
  returns: { 204: null },
  errors: [400, 401, 404],
})

import Type from 'typebox'
import { operation } from '../../contract.ts'
import {
  AcceptDeviceUserCodeRequest,
  AcceptOAuth2ConsentRequest,
  AcceptOAuth2LoginRequest,
  OAuth2ConsentRequest,
  OAuth2ConsentSessions,
  OAuth2LogoutRequest,
  OAuth2RedirectTo,
  RejectOAuth2Request,
} from '../consent.ts'
import { OAuth2LoginRequest } from '../models.ts'
import { oauth2Admin, PageQuery } from './planes.ts'

const LoginQuery = Type.Object({ login_challenge: Type.String() })
const ConsentQuery = Type.Object({ consent_challenge: Type.String() })
const LogoutQuery = Type.Object({ logout_challenge: Type.String() })

export const getOAuth2LoginRequest = operation({
  ...oauth2Admin,
  id: 'getOAuth2LoginRequest',
  method: 'GET',
  path: '/admin/oauth2/auth/requests/login',
  summary: 'Get a login request, for the login page',
  query: LoginQuery,
  returns: { 200: OAuth2LoginRequest, 410: OAuth2RedirectTo },
  errors: [400, 404],
})

export const acceptOAuth2LoginRequest = operation({
  ...oauth2Admin,
  id: 'acceptOAuth2LoginRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/login/accept',
  summary: 'Accept a login request: the person is authenticated',
  query: LoginQuery,
  body: AcceptOAuth2LoginRequest,
  returns: { 200: OAuth2RedirectTo },
  errors: [400, 404],
})

export const rejectOAuth2LoginRequest = operation({
  ...oauth2Admin,
  id: 'rejectOAuth2LoginRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/login/reject',
  summary: 'Reject a login request',
  query: LoginQuery,
  body: RejectOAuth2Request,
  returns: { 200: OAuth2RedirectTo },
  errors: [400, 404],
})

export const getOAuth2ConsentRequest = operation({
  ...oauth2Admin,
  id: 'getOAuth2ConsentRequest',
  method: 'GET',
  path: '/admin/oauth2/auth/requests/consent',
  summary: 'Get a consent request, for the consent page',
  query: ConsentQuery,
  returns: { 200: OAuth2ConsentRequest, 410: OAuth2RedirectTo },
  errors: [400, 404],
})

export const acceptOAuth2ConsentRequest = operation({
  ...oauth2Admin,
  id: 'acceptOAuth2ConsentRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/consent/accept',
  summary: 'Accept a consent request: the person grants scopes and audiences',
  query: ConsentQuery,
  body: AcceptOAuth2ConsentRequest,
  returns: { 200: OAuth2RedirectTo },
  errors: [400, 404],
})

export const rejectOAuth2ConsentRequest = operation({
  ...oauth2Admin,
  id: 'rejectOAuth2ConsentRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/consent/reject',
  summary: 'Reject a consent request',
  query: ConsentQuery,
  body: RejectOAuth2Request,
  returns: { 200: OAuth2RedirectTo },
  errors: [400, 404],
})

export const getOAuth2LogoutRequest = operation({
  ...oauth2Admin,
  id: 'getOAuth2LogoutRequest',
  method: 'GET',
  path: '/admin/oauth2/auth/requests/logout',
  summary: 'Get a logout request, for the logout page',
  query: LogoutQuery,
  returns: { 200: OAuth2LogoutRequest, 410: OAuth2RedirectTo },
  errors: [404],
})

export const acceptOAuth2LogoutRequest = operation({
  ...oauth2Admin,
  id: 'acceptOAuth2LogoutRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/logout/accept',
  summary: 'Accept a logout request: the person signs out',
  query: LogoutQuery,
  returns: { 200: OAuth2RedirectTo },
  errors: [404],
})

export const rejectOAuth2LogoutRequest = operation({
  ...oauth2Admin,
  id: 'rejectOAuth2LogoutRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/logout/reject',
  summary: 'Reject a logout request: the person stays signed in',
  query: LogoutQuery,
  returns: { 204: null },
  errors: [404],
})

export const acceptUserCodeRequest = operation({
  ...oauth2Admin,
  id: 'acceptUserCodeRequest',
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/device/accept',
  summary: 'Accept the code that a person read from a device (RFC 8628)',
  query: Type.Object({ device_challenge: Type.String() }),
  body: AcceptDeviceUserCodeRequest,
  returns: { 200: OAuth2RedirectTo },
  errors: [400, 404],
})

export const listOAuth2ConsentSessions = operation({
  ...oauth2Admin,
  id: 'listOAuth2ConsentSessions',
  method: 'GET',
  path: '/admin/oauth2/auth/sessions/consent',
  summary: 'List what a person has granted',
  query: Type.Object({
    ...PageQuery,
    subject: Type.String(),
    login_session_id: Type.Optional(Type.String()),
  }),
  returns: { 200: OAuth2ConsentSessions },
  errors: [400],
})

export const revokeOAuth2ConsentSessions = operation({
  ...oauth2Admin,
  id: 'revokeOAuth2ConsentSessions',
  method: 'DELETE',
  path: '/admin/oauth2/auth/sessions/consent',
  summary: 'Revoke what a person has granted, with the tokens',
  query: Type.Object({
    subject: Type.Optional(Type.String()),
    client: Type.Optional(Type.String()),
    consent_request_id: Type.Optional(Type.String()),
    all: Type.Optional(Type.Boolean()),
  }),
  returns: { 204: null },
  errors: [400],
})

export const revokeOAuth2LoginSessions = operation({
  ...oauth2Admin,
  id: 'revokeOAuth2LoginSessions',
  method: 'DELETE',
  path: '/admin/oauth2/auth/sessions/login',
  summary: 'End login sessions, of a person or one by its id',
  query: Type.Object({ subject: Type.Optional(Type.String()), sid: Type.Optional(Type.String()) }),
  returns: { 204: null },
  errors: [400],
})

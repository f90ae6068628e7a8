import Type from 'typebox'
import { operation } from '../../contract.ts'
import {
  CreateVerifiableCredentialRequestBody,
  OidcConfiguration,
  OidcUserInfo,
  VerifiableCredentialPrimingResponse,
  VerifiableCredentialResponse,
} from '../oidc.ts'
import {
  DeviceAuthorization,
  IntrospectedOAuth2Token,
  IntrospectionRequest,
  OAuth2TokenExchange,
  PushedAuthorizationRequest,
  PushedAuthorizationResponse,
  RevocationRequest,
  TokenRequest,
} from '../token.ts'
import { oauth2Admin, oauth2Public, oidcPublic } from './planes.ts'

export const oAuth2Authorize = operation({
  ...oauth2Public,
  id: 'oAuth2Authorize',
  method: 'GET',
  path: '/oauth2/auth',
  summary: 'Authorization endpoint (RFC 6749, section 3.1)',
  returns: { 302: null },
  errors: [],
})

export const pushAuthorizationRequest = operation({
  ...oauth2Public,
  id: 'pushAuthorizationRequest',
  method: 'POST',
  path: '/oauth2/par',
  summary: 'Push an authorization request (RFC 9126)',
  body: PushedAuthorizationRequest,
  form: true,
  returns: { 201: PushedAuthorizationResponse },
  errors: [400, 401, 404],
})

export const oauth2TokenExchange = operation({
  ...oauth2Public,
  id: 'oauth2TokenExchange',
  method: 'POST',
  path: '/oauth2/token',
  summary: 'Token endpoint (RFC 6749, section 3.2)',
  body: TokenRequest,
  form: true,
  returns: { 200: OAuth2TokenExchange },
  errors: [400, 401],
})

export const revokeOAuth2Token = operation({
  ...oauth2Public,
  id: 'revokeOAuth2Token',
  method: 'POST',
  path: '/oauth2/revoke',
  summary: 'Revoke a token (RFC 7009)',
  body: RevocationRequest,
  form: true,
  returns: { 200: null },
  errors: [400, 401],
})

export const oAuth2DeviceFlow = operation({
  ...oauth2Public,
  id: 'oAuth2DeviceFlow',
  method: 'POST',
  path: '/oauth2/device/auth',
  summary: 'Device authorization endpoint (RFC 8628, section 3.1)',
  returns: { 200: DeviceAuthorization },
  errors: [400, 401],
})

export const performOAuth2DeviceVerificationFlow = operation({
  ...oauth2Public,
  id: 'performOAuth2DeviceVerificationFlow',
  method: 'GET',
  path: '/oauth2/device/verify',
  summary: 'Verification page of the device authorization grant (RFC 8628, section 3.3)',
  returns: { 302: null },
  errors: [400],
})

export const revokeOidcSession = operation({
  ...oidcPublic,
  id: 'revokeOidcSession',
  method: 'GET',
  path: '/oauth2/sessions/logout',
  summary: 'End the session (OpenID Connect RP-Initiated Logout 1.0)',
  returns: { 302: null },
  errors: [],
})

export const introspectOAuth2Token = operation({
  ...oauth2Admin,
  id: 'introspectOAuth2Token',
  method: 'POST',
  path: '/admin/oauth2/introspect',
  summary: 'Introspect a token (RFC 7662)',
  body: IntrospectionRequest,
  form: true,
  returns: { 200: IntrospectedOAuth2Token },
  errors: [400],
})

export const deleteOAuth2Token = operation({
  ...oauth2Admin,
  id: 'deleteOAuth2Token',
  method: 'DELETE',
  path: '/admin/oauth2/tokens',
  summary: 'Revoke all access tokens of a client',
  query: Type.Object({ client_id: Type.String() }),
  returns: { 204: null },
  errors: [400],
})

export const discoverOidcConfiguration = operation({
  ...oidcPublic,
  id: 'discoverOidcConfiguration',
  method: 'GET',
  path: '/.well-known/openid-configuration',
  summary: 'Metadata of the server (OpenID Connect Discovery 1.0)',
  returns: { 200: OidcConfiguration },
  errors: [],
})

export const getOidcUserInfo = operation({
  ...oidcPublic,
  id: 'getOidcUserInfo',
  method: 'GET',
  path: '/userinfo',
  summary: 'Claims of the person whose access token is presented (OpenID Connect Core 1.0, section 5.3)',
  returns: { 200: OidcUserInfo },
  errors: [401],
})

export const createVerifiableCredential = operation({
  ...oidcPublic,
  id: 'createVerifiableCredential',
  method: 'POST',
  path: '/credentials',
  summary: 'Issue a verifiable credential with the claims of the person (draft 00)',
  body: CreateVerifiableCredentialRequestBody,
  returns: { 200: VerifiableCredentialResponse, 400: VerifiableCredentialPrimingResponse },
  errors: [401],
})

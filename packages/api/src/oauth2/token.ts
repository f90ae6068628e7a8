import Type, { type Static } from 'typebox'
import { AnyObject, Int64 } from '../schema.ts'

export type OAuth2TokenExchange = Static<typeof OAuth2TokenExchange>
/** A successful response of the token endpoint (RFC 6749, section 5.1). */
export const OAuth2TokenExchange = Type.Object(
  {
    access_token: Type.Optional(Type.String()),
    expires_in: Type.Optional(Int64),
    id_token: Type.Optional(Type.String()),
    /** RFC 8693, section 2.2.1. */
    issued_token_type: Type.Optional(Type.String()),
    refresh_token: Type.Optional(Type.String()),
    scope: Type.Optional(Type.String()),
    token_type: Type.Optional(Type.String()),
  },
  { title: 'oAuth2TokenExchange' },
)

export type IntrospectedOAuth2Token = Static<typeof IntrospectedOAuth2Token>
/** RFC 7662, section 2.2. */
export const IntrospectedOAuth2Token = Type.Object(
  {
    active: Type.Boolean(),
    /** Who acts for the subject (RFC 8693, section 4.1). */
    act: Type.Optional(AnyObject()),
    aud: Type.Optional(Type.Array(Type.String())),
    client_id: Type.Optional(Type.String()),
    /** What the holder must prove (RFC 7800; RFC 9449, section 6.2). */
    cnf: Type.Optional(Type.Object({ jkt: Type.Optional(Type.String()), 'x5t#S256': Type.Optional(Type.String()) })),
    exp: Type.Optional(Int64),
    ext: Type.Optional(AnyObject()),
    iat: Type.Optional(Int64),
    iss: Type.Optional(Type.String()),
    nbf: Type.Optional(Int64),
    obfuscated_subject: Type.Optional(Type.String()),
    scope: Type.Optional(Type.String()),
    sub: Type.Optional(Type.String()),
    token_type: Type.Optional(Type.String()),
    token_use: Type.Optional(Type.String()),
    username: Type.Optional(Type.String()),
  },
  { title: 'introspectedOAuth2Token' },
)

export type DeviceAuthorization = Static<typeof DeviceAuthorization>
/** RFC 8628, section 3.2. */
export const DeviceAuthorization = Type.Object(
  {
    device_code: Type.Optional(Type.String()),
    expires_in: Type.Optional(Int64),
    interval: Type.Optional(Int64),
    user_code: Type.Optional(Type.String()),
    verification_uri: Type.Optional(Type.String()),
    verification_uri_complete: Type.Optional(Type.String()),
  },
  { title: 'deviceAuthorization' },
)

export type PushedAuthorizationResponse = Static<typeof PushedAuthorizationResponse>
/** RFC 9126, section 2.2. */
export const PushedAuthorizationResponse = Type.Object(
  { request_uri: Type.String(), expires_in: Int64 },
  { title: 'pushedAuthorizationResponse' },
)

/** RFC 9126, section 2.1: the parameters of the authorization endpoint, and those that authenticate the client. */
export const PushedAuthorizationRequest = Type.Object({
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  response_type: Type.Optional(Type.String()),
  redirect_uri: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  code_challenge: Type.Optional(Type.String()),
  code_challenge_method: Type.Optional(Type.String()),
  request: Type.Optional(Type.String()),
})

/** The parameters of the token endpoint that every grant shares; each grant reads its own ones. */
export const TokenRequest = Type.Object({
  grant_type: Type.String(),
  client_id: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  redirect_uri: Type.Optional(Type.String()),
  refresh_token: Type.Optional(Type.String()),
})

/** RFC 7662, section 2.1, with the scopes that the token must have. */
export const IntrospectionRequest = Type.Object({ token: Type.String(), scope: Type.Optional(Type.String()) })

/** RFC 7009, section 2.1. */
export const RevocationRequest = Type.Object({
  token: Type.String(),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
})

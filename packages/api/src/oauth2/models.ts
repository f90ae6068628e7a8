import Type, { type Static } from 'typebox'
import { JsonWebKeySet } from '../jwk/models.ts'
import { AnyObject, DateTime, Duration, Int64, JsonRawMessage, Nullable, StringSlice } from '../schema.ts'

export type NullDuration = Static<typeof NullDuration>
export const NullDuration = Nullable(Duration, {
  title: 'NullDuration',
})

export type OAuth2Client = Static<typeof OAuth2Client>
export const OAuth2Client = Type.Object(
  {
    access_token_strategy: Type.Optional(Type.String()),
    allowed_cors_origins: Type.Optional(StringSlice),
    audience: Type.Optional(StringSlice),
    authorization_code_grant_access_token_lifespan: Type.Optional(NullDuration),
    authorization_code_grant_id_token_lifespan: Type.Optional(NullDuration),
    authorization_code_grant_refresh_token_lifespan: Type.Optional(NullDuration),
    backchannel_logout_session_required: Type.Optional(Type.Boolean()),
    backchannel_logout_uri: Type.Optional(Type.String()),
    client_credentials_grant_access_token_lifespan: Type.Optional(NullDuration),
    client_id: Type.Optional(Type.String()),
    client_name: Type.Optional(Type.String()),
    client_secret: Type.Optional(Type.String()),
    client_secret_expires_at: Type.Optional(Int64),
    client_uri: Type.Optional(Type.String()),
    contacts: Type.Optional(StringSlice),
    created_at: Type.Optional(DateTime),
    device_authorization_grant_access_token_lifespan: Type.Optional(NullDuration),
    device_authorization_grant_id_token_lifespan: Type.Optional(NullDuration),
    device_authorization_grant_refresh_token_lifespan: Type.Optional(NullDuration),
    /** RFC 9449, section 5.2. */
    dpop_bound_access_tokens: Type.Optional(Type.Boolean()),
    frontchannel_logout_session_required: Type.Optional(Type.Boolean()),
    frontchannel_logout_uri: Type.Optional(Type.String()),
    grant_types: Type.Optional(StringSlice),
    implicit_grant_access_token_lifespan: Type.Optional(NullDuration),
    implicit_grant_id_token_lifespan: Type.Optional(NullDuration),
    jwks: Type.Optional(JsonWebKeySet),
    jwks_uri: Type.Optional(Type.String()),
    jwt_bearer_grant_access_token_lifespan: Type.Optional(NullDuration),
    logo_uri: Type.Optional(Type.String()),
    metadata: Type.Optional(JsonRawMessage),
    owner: Type.Optional(Type.String()),
    policy_uri: Type.Optional(Type.String()),
    post_logout_redirect_uris: Type.Optional(StringSlice),
    redirect_uris: Type.Optional(StringSlice),
    refresh_token_grant_access_token_lifespan: Type.Optional(NullDuration),
    refresh_token_grant_id_token_lifespan: Type.Optional(NullDuration),
    refresh_token_grant_refresh_token_lifespan: Type.Optional(NullDuration),
    registration_access_token: Type.Optional(Type.String()),
    registration_client_uri: Type.Optional(Type.String()),
    require_pushed_authorization_requests: Type.Optional(Type.Boolean()),
    require_signed_request_object: Type.Optional(Type.Boolean()),
    request_object_signing_alg: Type.Optional(Type.String()),
    request_uris: Type.Optional(StringSlice),
    response_types: Type.Optional(StringSlice),
    scope: Type.Optional(Type.String()),
    sector_identifier_uri: Type.Optional(Type.String()),
    skip_consent: Type.Optional(Type.Boolean()),
    skip_logout_consent: Type.Optional(Type.Boolean()),
    subject_type: Type.Optional(Type.String()),
    /** RFC 8705, sections 2.1.2 and 3.4. */
    tls_client_auth_san_dns: Type.Optional(Type.String()),
    tls_client_auth_san_email: Type.Optional(Type.String()),
    tls_client_auth_san_ip: Type.Optional(Type.String()),
    tls_client_auth_san_uri: Type.Optional(Type.String()),
    tls_client_auth_subject_dn: Type.Optional(Type.String()),
    tls_client_certificate_bound_access_tokens: Type.Optional(Type.Boolean()),
    token_endpoint_auth_method: Type.Optional(Type.String({ default: 'client_secret_basic' })),
    token_endpoint_auth_signing_alg: Type.Optional(Type.String()),
    tos_uri: Type.Optional(Type.String()),
    updated_at: Type.Optional(DateTime),
    userinfo_signed_response_alg: Type.Optional(Type.String()),
  },
  { title: 'oAuth2Client' },
)

export type OAuth2ClientTokenLifespans = Static<typeof OAuth2ClientTokenLifespans>
/** The lifespans of a client's tokens, by grant; null means that of the server. */
export const OAuth2ClientTokenLifespans = Type.Object(
  {
    authorization_code_grant_access_token_lifespan: Type.Optional(NullDuration),
    authorization_code_grant_id_token_lifespan: Type.Optional(NullDuration),
    authorization_code_grant_refresh_token_lifespan: Type.Optional(NullDuration),
    client_credentials_grant_access_token_lifespan: Type.Optional(NullDuration),
    device_authorization_grant_access_token_lifespan: Type.Optional(NullDuration),
    device_authorization_grant_id_token_lifespan: Type.Optional(NullDuration),
    device_authorization_grant_refresh_token_lifespan: Type.Optional(NullDuration),
    implicit_grant_access_token_lifespan: Type.Optional(NullDuration),
    implicit_grant_id_token_lifespan: Type.Optional(NullDuration),
    jwt_bearer_grant_access_token_lifespan: Type.Optional(NullDuration),
    refresh_token_grant_access_token_lifespan: Type.Optional(NullDuration),
    refresh_token_grant_id_token_lifespan: Type.Optional(NullDuration),
    refresh_token_grant_refresh_token_lifespan: Type.Optional(NullDuration),
  },
  { title: 'oAuth2ClientTokenLifespans' },
)

export type OAuth2ConsentRequestOpenIDConnectContext = Static<typeof OAuth2ConsentRequestOpenIDConnectContext>
export const OAuth2ConsentRequestOpenIDConnectContext = Type.Object(
  {
    acr_values: Type.Optional(Type.Array(Type.String())),
    display: Type.Optional(Type.String()),
    id_token_hint_claims: Type.Optional(AnyObject()),
    login_hint: Type.Optional(Type.String()),
    ui_locales: Type.Optional(Type.Array(Type.String())),
  },
  { title: 'oAuth2ConsentRequestOpenIDConnectContext' },
)

export type OAuth2LoginRequest = Static<typeof OAuth2LoginRequest>
export const OAuth2LoginRequest = Type.Object(
  {
    challenge: Type.String(),
    skip: Type.Boolean(),
    subject: Type.String(),
    client: OAuth2Client,
    request_url: Type.String(),
    oidc_context: Type.Optional(OAuth2ConsentRequestOpenIDConnectContext),
    requested_access_token_audience: Type.Optional(StringSlice),
    requested_scope: Type.Optional(StringSlice),
    session_id: Type.Optional(Type.String()),
  },
  { title: 'oAuth2LoginRequest' },
)

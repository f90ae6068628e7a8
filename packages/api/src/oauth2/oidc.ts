import Type, { type Static } from 'typebox'
import { Int64 } from '../schema.ts'

const Strings = Type.Array(Type.String())

export const CredentialSupportedDraft00 = Type.Object(
  {
    cryptographic_binding_methods_supported: Type.Optional(Strings),
    cryptographic_suites_supported: Type.Optional(Strings),
    format: Type.Optional(Type.String()),
    types: Type.Optional(Strings),
  },
  { title: 'credentialSupportedDraft00' },
)

export type OidcConfiguration = Static<typeof OidcConfiguration>
/** OpenID Connect Discovery 1.0, section 3, and RFC 8414. */
export const OidcConfiguration = Type.Object(
  {
    issuer: Type.String(),
    authorization_endpoint: Type.String(),
    device_authorization_endpoint: Type.String(),
    token_endpoint: Type.String(),
    jwks_uri: Type.String(),
    subject_types_supported: Strings,
    response_types_supported: Strings,
    id_token_signing_alg_values_supported: Strings,
    id_token_signed_response_alg: Strings,
    userinfo_signed_response_alg: Strings,
    authorization_signing_alg_values_supported: Type.Optional(Strings),
    authorization_response_iss_parameter_supported: Type.Optional(Type.Boolean()),
    backchannel_logout_session_supported: Type.Optional(Type.Boolean()),
    backchannel_logout_supported: Type.Optional(Type.Boolean()),
    claims_parameter_supported: Type.Optional(Type.Boolean()),
    claims_supported: Type.Optional(Strings),
    code_challenge_methods_supported: Type.Optional(Strings),
    credentials_endpoint_draft_00: Type.Optional(Type.String()),
    credentials_supported_draft_00: Type.Optional(Type.Array(CredentialSupportedDraft00)),
    /** RFC 9449, section 5.1. */
    dpop_signing_alg_values_supported: Type.Optional(Strings),
    end_session_endpoint: Type.Optional(Type.String()),
    frontchannel_logout_session_supported: Type.Optional(Type.Boolean()),
    frontchannel_logout_supported: Type.Optional(Type.Boolean()),
    grant_types_supported: Type.Optional(Strings),
    pushed_authorization_request_endpoint: Type.Optional(Type.String()),
    registration_endpoint: Type.Optional(Type.String()),
    /** RFC 8705, sections 3.3 and 5. */
    mtls_endpoint_aliases: Type.Optional(Type.Record(Type.String(), Type.String())),
    tls_client_certificate_bound_access_tokens: Type.Optional(Type.Boolean()),
    request_object_signing_alg_values_supported: Type.Optional(Strings),
    request_parameter_supported: Type.Optional(Type.Boolean()),
    request_uri_parameter_supported: Type.Optional(Type.Boolean()),
    require_pushed_authorization_requests: Type.Optional(Type.Boolean()),
    require_signed_request_object: Type.Optional(Type.Boolean()),
    require_request_uri_registration: Type.Optional(Type.Boolean()),
    response_modes_supported: Type.Optional(Strings),
    revocation_endpoint: Type.Optional(Type.String()),
    scopes_supported: Type.Optional(Strings),
    token_endpoint_auth_methods_supported: Type.Optional(Strings),
    userinfo_endpoint: Type.Optional(Type.String()),
    userinfo_signing_alg_values_supported: Type.Optional(Strings),
  },
  { title: 'oidcConfiguration' },
)

/** OpenID Connect Core 1.0, section 5.1. Further claims of the consent are members as well. */
export const OidcUserInfo = Type.Object(
  {
    sub: Type.Optional(Type.String()),
    birthdate: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    email_verified: Type.Optional(Type.Boolean()),
    family_name: Type.Optional(Type.String()),
    gender: Type.Optional(Type.String()),
    given_name: Type.Optional(Type.String()),
    locale: Type.Optional(Type.String()),
    middle_name: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    nickname: Type.Optional(Type.String()),
    phone_number: Type.Optional(Type.String()),
    phone_number_verified: Type.Optional(Type.Boolean()),
    picture: Type.Optional(Type.String()),
    preferred_username: Type.Optional(Type.String()),
    profile: Type.Optional(Type.String()),
    updated_at: Type.Optional(Int64),
    website: Type.Optional(Type.String()),
    zoneinfo: Type.Optional(Type.String()),
  },
  { title: 'oidcUserInfo' },
)

export type VerifiableCredentialProof = Static<typeof VerifiableCredentialProof>
export const VerifiableCredentialProof = Type.Object(
  { jwt: Type.Optional(Type.String()), proof_type: Type.Optional(Type.String()) },
  { title: 'VerifiableCredentialProof' },
)

export type CreateVerifiableCredentialRequestBody = Static<typeof CreateVerifiableCredentialRequestBody>
export const CreateVerifiableCredentialRequestBody = Type.Object(
  {
    format: Type.Optional(Type.String()),
    proof: Type.Optional(VerifiableCredentialProof),
    types: Type.Optional(Strings),
  },
  { title: 'CreateVerifiableCredentialRequestBody' },
)

export const VerifiableCredentialResponse = Type.Object(
  { credential_draft_00: Type.Optional(Type.String()), format: Type.Optional(Type.String()) },
  { title: 'verifiableCredentialResponse' },
)

export const VerifiableCredentialPrimingResponse = Type.Object(
  {
    c_nonce: Type.Optional(Type.String()),
    c_nonce_expires_in: Type.Optional(Int64),
    error: Type.Optional(Type.String()),
    error_debug: Type.Optional(Type.String()),
    error_description: Type.Optional(Type.String()),
    error_hint: Type.Optional(Type.String()),
    format: Type.Optional(Type.String()),
    status_code: Type.Optional(Int64),
  },
  { title: 'verifiableCredentialPrimingResponse' },
)

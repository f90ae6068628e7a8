import type { OidcConfiguration } from '@latchkey/api'
import { idTokenKeys, signingKey } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { issuerMetadata } from '../authorize/issuer.ts'
import { responseModeMetadata } from '../authorize/signed-response.ts'
import { tokenExchangeGrantType } from '../exchange/types.ts'
import { requestObjectMetadata } from '../jar/settings.ts'
import { certificateMetadata } from '../mtls/metadata.ts'
import { pushedRequestMetadata } from '../par/settings.ts'

const credentialAlgorithms = ['PS256', 'RS256', 'ES256', 'PS384', 'RS384', 'ES384', 'PS512', 'RS512', 'ES512', 'EdDSA']

/** OpenID Connect Discovery 1.0, section 3, and RFC 8414, section 2, with the members of Hydra. */
export async function serverMetadata(ctx: Context): Promise<OidcConfiguration> {
  const { urls, webfinger, oauth2 } = ctx.config.oauth2
  const { oidc_discovery: endpoints } = webfinger
  const { algorithm } = await signingKey(ctx, idTokenKeys)
  const certificates = certificateMetadata(ctx)
  const below = (base: string, path: string) => `${base.replace(/\/+$/, '')}${path}`
  return {
    issuer: urls.self.issuer,
    authorization_endpoint: endpoints.auth_url,
    device_authorization_endpoint: endpoints.device_authorization_url,
    ...(endpoints.client_registration_url && { registration_endpoint: endpoints.client_registration_url }),
    token_endpoint: endpoints.token_url,
    jwks_uri: endpoints.jwks_url,
    subject_types_supported: subjectTypes(ctx),
    response_types_supported: ['code', 'code id_token', 'id_token', 'token id_token', 'token', 'token id_token code'],
    claims_supported: ['sub', ...endpoints.supported_claims],
    grant_types_supported: [
      ...['authorization_code', 'implicit', 'client_credentials', 'refresh_token'],
      'urn:ietf:params:oauth:grant-type:device_code',
      ...(oauth2.token_exchange.enabled ? [tokenExchangeGrantType] : []),
    ],
    ...responseModeMetadata(ctx, algorithm),
    userinfo_endpoint: endpoints.userinfo_url,
    scopes_supported: ['offline_access', 'offline', 'openid', ...endpoints.supported_scope],
    token_endpoint_auth_methods_supported: [
      ...['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'],
      ...certificates.methods,
    ],
    ...certificates.members,
    userinfo_signing_alg_values_supported: ['none', algorithm],
    id_token_signing_alg_values_supported: [algorithm],
    id_token_signed_response_alg: [algorithm],
    userinfo_signed_response_alg: [algorithm],
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    claims_parameter_supported: false,
    revocation_endpoint: below(urls.self.issuer, '/oauth2/revoke'),
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    end_session_endpoint: below(urls.self.issuer, '/oauth2/sessions/logout'),
    request_object_signing_alg_values_supported: ['none', 'RS256', 'ES256'],
    code_challenge_methods_supported: ['plain', 'S256'],
    ...issuerMetadata(ctx),
    ...pushedRequestMetadata(ctx),
    ...requestObjectMetadata(ctx),
    ...(oauth2.dpop.enabled && { dpop_signing_alg_values_supported: [...oauth2.dpop.signing_algorithms] }),
    credentials_endpoint_draft_00: below(urls.self.public, '/credentials'),
    credentials_supported_draft_00: [
      {
        format: 'jwt_vc_json',
        types: ['VerifiableCredential', 'UserInfoCredential'],
        cryptographic_binding_methods_supported: ['jwk'],
        cryptographic_suites_supported: credentialAlgorithms,
      },
    ],
  }
}

function subjectTypes({ config }: Context): string[] {
  const { supported_types: types } = config.oauth2.oidc.subject_identifiers
  return config.oauth2.strategies.access_token === 'jwt' ? types.filter((type) => type !== 'pairwise') : [...types]
}

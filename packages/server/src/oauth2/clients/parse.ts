import { ApiError, OAuth2Client, OAuth2ClientTokenLifespans } from '@latchkey/api'
import { parseJson, typeChecker } from '../../kernel/http/index.ts'
import type { ClientMetadata } from './client.ts'
import { canonicalDuration } from './durations.ts'

const refuse = (reason: string) => ApiError.badRequest({ reason })
const checkClient = typeChecker(OAuth2Client, { closed: false, refuse })
const checkLifespans = typeChecker(OAuth2ClientTokenLifespans, { closed: false, refuse })

/** What a caller asks for. */
export interface GivenClient {
  readonly id: string
  readonly secret: string
  readonly metadata: ClientMetadata
}

/** Parses the JSON of a client. Unknown members are ignored, as in Hydra. */
export function parseClient(text: string): GivenClient {
  return givenClient(parseJson(text, refuse))
}

/** @throws 400 if a member has the wrong type */
export function givenClient(value: unknown): GivenClient {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('The client must be an object.')
  const isNull = 'metadata' in value && value.metadata === null
  const given = (checkClient(value) ?? {}) as OAuth2Client
  const metadata = metadataOf(given)
  // Hydra keeps the null of a free member.
  const own = isNull ? { ...metadata, metadata: null as unknown as ClientMetadata['metadata'] } : metadata
  return { id: given.client_id ?? '', secret: given.client_secret ?? '', metadata: own as ClientMetadata }
}

/** The lifespans of tokens, by grant. Those that are not given are those of the server. */
export function parseLifespans(text: string): Lifespans {
  const given = (checkLifespans(parseJson(text, refuse)) ?? {}) as OAuth2ClientTokenLifespans
  return lifespansOf(given)
}

type Lifespans = { [Name in keyof OAuth2ClientTokenLifespans]-?: string | null }

const lifespanNames = Object.keys(OAuth2ClientTokenLifespans.properties) as (keyof Lifespans)[]

function lifespansOf(given: OAuth2ClientTokenLifespans): Lifespans {
  const entries = lifespanNames.map((name) => [name, given[name] ? canonicalDuration(given[name]) : null])
  return Object.fromEntries(entries) as Lifespans
}

/** Members that are left out of answers while they are empty. */
const optionalTexts = [
  'access_token_strategy',
  'backchannel_logout_uri',
  'frontchannel_logout_uri',
  'jwks_uri',
  'request_object_signing_alg',
  'sector_identifier_uri',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_email',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_uri',
  'tls_client_auth_subject_dn',
  'token_endpoint_auth_signing_alg',
] as const
const optionalLists = ['post_logout_redirect_uris', 'request_uris'] as const
const optionalFlags = [
  'backchannel_logout_session_required',
  'dpop_bound_access_tokens',
  'frontchannel_logout_session_required',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'tls_client_certificate_bound_access_tokens',
] as const
const texts = ['client_name', 'client_uri', 'logo_uri', 'owner', 'policy_uri', 'tos_uri'] as const

/** Everything that an answer contains, with Hydra's defaults. Those that depend on other members are set by `checkClient`. */
function metadataOf(given: OAuth2Client): ClientMetadata {
  return {
    ...Object.fromEntries(texts.map((name) => [name, given[name] ?? ''])),
    ...Object.fromEntries(optionalTexts.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
    ...Object.fromEntries(optionalLists.flatMap((name) => (given[name]?.length ? [[name, given[name]]] : []))),
    ...Object.fromEntries(optionalFlags.flatMap((name) => (given[name] ? [[name, true]] : []))),
    ...lifespansOf(given),
    allowed_cors_origins: given.allowed_cors_origins ?? [],
    audience: given.audience ?? [],
    contacts: given.contacts ?? null,
    grant_types: given.grant_types ?? null,
    redirect_uris: given.redirect_uris ?? null,
    response_types: given.response_types ?? null,
    jwks: given.jwks ?? {},
    metadata: given.metadata ?? {},
    scope: given.scope ?? '',
    skip_consent: given.skip_consent ?? false,
    skip_logout_consent: given.skip_logout_consent ?? null,
    subject_type: given.subject_type ?? '',
    token_endpoint_auth_method: given.token_endpoint_auth_method ?? '',
    userinfo_signed_response_alg: given.userinfo_signed_response_alg ?? '',
  } as ClientMetadata
}

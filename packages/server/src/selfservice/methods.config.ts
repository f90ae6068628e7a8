import Type from 'typebox'
import {
  choice,
  closed,
  duration,
  entries,
  flag,
  headerMap,
  integer,
  loose,
  sourcePattern,
  strings,
  text,
  uri,
} from '../kernel/config/kinds.ts'
import { requestAuth } from '../kernel/config/request.ts'

const password = closed({
  enabled: flag(true),
  config: closed({
    haveibeenpwned_host: text('api.pwnedpasswords.com'),
    haveibeenpwned_enabled: flag(true),
    max_breaches: integer(0, { minimum: 0, maximum: 100 }),
    ignore_network_errors: flag(true),
    min_password_length: integer(8, { minimum: 6 }),
    identifier_similarity_check_enabled: flag(true),
    migrate_hook: closed({
      enabled: flag(false),
      config: Type.Optional(
        closed({
          url: Type.Optional(uri()),
          method: Type.Unsafe<'POST'>({ const: 'POST', default: 'POST' }),
          headers: headerMap(),
          emit_analytics_event: flag(true),
          auth: Type.Optional(requestAuth),
          body: Type.Optional(Type.String({ format: 'uri', pattern: sourcePattern })),
        }),
      ),
    }),
  }),
})

const code = Type.Object(
  {
    passwordless_enabled: flag(false),
    mfa_enabled: flag(false),
    enabled: flag(true),
    config: Type.Object({
      lifespan: duration('1h'),
      max_submissions: integer(5, { minimum: 1, maximum: 255 }),
      missing_credential_fallback_enabled: flag(false),
    }),
  },
  {
    not: { properties: { passwordless_enabled: { const: true }, mfa_enabled: { const: true } } },
    expected: 'passwordless_enabled or mfa_enabled, not both',
  },
)

const link = closed({
  enabled: flag(false),
  config: Type.Object({ base_url: Type.Optional(Type.String()), lifespan: duration('1h') }),
})

const needsConfigWhenEnabled = {
  if: { properties: { enabled: { const: true } }, required: ['enabled'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['config'] },
}

const webauthn = closed(
  {
    enabled: flag(false),
    config: Type.Optional(
      closed({
        passwordless: Type.Optional(Type.Boolean()),
        rp: Type.Optional(
          Type.Object(
            {
              display_name: Type.String(),
              id: Type.String(),
              origin: Type.Optional(uri()),
              origins: Type.Optional(Type.Array(uri())),
              icon: Type.Optional(uri()),
            },
            { not: { required: ['origin', 'origins'] }, expected: 'origin or origins, not both' },
          ),
        ),
      }),
    ),
  },
  needsConfigWhenEnabled,
)

const passkey = closed(
  {
    enabled: flag(false),
    config: Type.Optional(
      closed({
        rp: Type.Optional(
          Type.Object({ display_name: Type.String(), id: Type.String(), origins: Type.Optional(strings()) }),
        ),
      }),
    ),
  },
  needsConfigWhenEnabled,
)

const providers = [
  ...(['github', 'github-app', 'gitlab', 'generic', 'google', 'microsoft', 'discord', 'salesforce', 'slack'] as const),
  ...(['facebook', 'auth0', 'vk', 'yandex', 'apple', 'spotify', 'netid', 'dingtalk', 'patreon', 'line'] as const),
  ...(['linkedin', 'linkedin_v2', 'lark', 'x', 'fedcm-test', 'amazon', 'uaepass'] as const),
] as const

const only = (provider: string) => ({ properties: { provider: { const: provider } }, required: ['provider'] })
const filled = (property: string) => ({ properties: { [property]: { minLength: 1 } }, required: [property] })

const oidcProvider = closed(
  {
    id: Type.String(),
    provider: choice(providers),
    label: Type.Optional(Type.String()),
    client_id: Type.String(),
    client_secret: Type.Optional(Type.String()),
    issuer_url: Type.Optional(uri()),
    auth_url: Type.Optional(uri()),
    token_url: Type.Optional(uri()),
    mapper_url: uri(),
    scope: strings(),
    microsoft_tenant: Type.Optional(Type.String()),
    subject_source: choice(['userinfo', 'me', 'oid'], 'userinfo'),
    apple_team_id: Type.Optional(Type.String()),
    apple_private_key_id: Type.Optional(Type.String()),
    apple_private_key: Type.Optional(Type.String()),
    requested_claims: Type.Optional(loose()),
    organization_id: Type.Optional(Type.String()),
    additional_id_token_audiences: strings(),
    claims_source: choice(['id_token', 'userinfo'], 'id_token'),
    pkce: choice(['auto', 'never', 'force'], 'auto'),
    fedcm_config_url: Type.Optional(uri()),
    net_id_token_origin_header: Type.Optional(Type.String()),
    account_linking_mode: choice(['confirm_with_existing_credential', 'automatic'], 'confirm_with_existing_credential'),
  },
  {
    allOf: [
      {
        if: only('microsoft'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ['microsoft_tenant'] },
        else: { not: { required: ['microsoft_tenant'] }, expected: 'microsoft_tenant for the provider microsoft only' },
      },
      {
        if: only('apple'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          not: filled('client_secret'),
          required: ['apple_private_key_id', 'apple_private_key', 'apple_team_id'],
          expected: 'a private key and no client_secret for the provider apple',
        },
        else: {
          required: ['client_secret'],
          not: { anyOf: [filled('apple_team_id'), filled('apple_private_key_id'), filled('apple_private_key')] },
          expected: 'apple_* keys for the provider apple only',
        },
      },
    ],
  },
)

const organizations = Type.Array(
  Type.Object({
    id: Type.Optional(Type.String({ format: 'uuid' })),
    label: Type.Optional(Type.String()),
    domains: Type.Optional(Type.Array(Type.String({ format: 'hostname' }))),
  }),
)

/** Ways to sign in, and what each of them can be told. */
export const methods = closed({
  password,
  code,
  link,
  profile: closed({ enabled: flag(true) }),
  totp: closed({ enabled: flag(false), config: closed({ issuer: Type.Optional(Type.String()) }, { default: {} }) }),
  lookup_secret: closed({ enabled: flag(false) }),
  webauthn,
  passkey,
  oidc: closed({
    enabled: flag(false),
    config: closed({
      base_redirect_uri: Type.Optional(uri()),
      providers: entries(oidcProvider),
    }),
  }),
  saml: Type.Optional(closed({ enabled: flag(false), config: Type.Optional(loose()) })),
  captcha: Type.Optional(closed({ enabled: flag(false), config: Type.Optional(loose()) })),
  b2b: Type.Optional(closed({ config: Type.Optional(closed({ organizations: Type.Optional(organizations) })) })),
})

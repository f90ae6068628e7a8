import Type, { type Static } from 'typebox'
import { anyObject, choice, closedObject, entries, flag, strings, uri } from '../../../kernel/config/schema-builders.ts'
import { notSupported } from '../../../kernel/config/support.ts'
import { hooks } from '../../hooks.config.ts'

const providers = [
  ...(['github', 'github-app', 'gitlab', 'generic', 'google', 'microsoft', 'discord', 'salesforce', 'slack'] as const),
  ...(['facebook', 'auth0', 'vk', 'yandex', 'apple', 'spotify', 'netid', 'dingtalk', 'patreon', 'line'] as const),
  ...(['linkedin', 'linkedin_v2', 'lark', 'x', 'fedcm-test', 'amazon', 'uaepass'] as const),
] as const

const only = (provider: string) => ({ properties: { provider: { const: provider } }, required: ['provider'] })
const requireText = (property: string) => ({ properties: { [property]: { minLength: 1 } }, required: [property] })

const oidcProvider = closedObject(
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
    requested_claims: Type.Optional(anyObject()),
    organization_id: notSupported(
      Type.Optional(Type.String()),
      'a provider of an organization is not offered to anybody',
    ),
    additional_id_token_audiences: strings(),
    claims_source: choice(['id_token', 'userinfo'], 'id_token'),
    pkce: choice(['auto', 'never', 'force'], 'auto'),
    fedcm_config_url: Type.Optional(uri()),
    net_id_token_origin_header: Type.Optional(Type.String()),
    update_identity_on_login: choice(['never', 'automatic'], 'never'),
    aal2_acr_values: strings(),
    aal2_amr_values: strings(),
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
          not: requireText('client_secret'),
          required: ['apple_private_key_id', 'apple_private_key', 'apple_team_id'],
          expected: 'a private key and no client_secret for the provider apple',
        },
        else: {
          required: ['client_secret'],
          not: {
            anyOf: [
              requireText('apple_team_id'),
              requireText('apple_private_key_id'),
              requireText('apple_private_key'),
            ],
          },
          expected: 'apple_* keys for the provider apple only',
        },
      },
    ],
  },
)

export const config = closedObject({
  enabled: flag(false),
  config: closedObject({ base_redirect_uri: Type.Optional(uri()), providers: entries(oidcProvider) }),
})

/** A provider as it is configured. */
export type ProviderConfig = Static<typeof oidcProvider>

/** The flows after which hooks can be configured for this method, and which hooks. */
export const after = {
  login: hooks.afterSocialLogin,
  registration: hooks.afterRegistration,
  settings: hooks.afterCredentialChange,
}

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    oidc: Static<typeof config>
  }
}

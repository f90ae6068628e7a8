import Type, { type Static } from 'typebox'
import { Bytes, DateTime, Int64, JsonRawMessage, NullTime, NullUuid, OneOf } from '../schema.ts'

/** Every way of proving who one is. */
export const CredentialType = OneOf([
  'password',
  'oidc',
  'totp',
  'lookup_secret',
  'webauthn',
  'code',
  'passkey',
  'profile',
  'saml',
  'deviceauthn',
  'identifier_first',
  'link_recovery',
  'code_recovery',
])
export type CredentialType = Static<typeof CredentialType>

/** The types that clients of the 1.1 line have in their models, which refuse any other. */
export const credentialTypesOfOldClients: readonly string[] = ['password', 'totp', 'oidc', 'webauthn', 'lookup_secret']

export type IdentityCredentialsLookupSecretCode = Static<typeof IdentityCredentialsLookupSecretCode>
export const IdentityCredentialsLookupSecretCode = Type.Object(
  { code: Type.Optional(Type.String()), used_at: Type.Optional(NullTime) },
  { title: 'identityCredentialsLookupSecretCode' },
)

export type AdminIdentityImportCredentialsLookupSecretConfig = Static<
  typeof AdminIdentityImportCredentialsLookupSecretConfig
>
export const AdminIdentityImportCredentialsLookupSecretConfig = Type.Object(
  { codes: Type.Optional(Type.Array(IdentityCredentialsLookupSecretCode)) },
  { title: 'AdminIdentityImportCredentialsLookupSecretConfig' },
)

export type AdminIdentityImportCredentialsLookupSecret = Static<typeof AdminIdentityImportCredentialsLookupSecret>
export const AdminIdentityImportCredentialsLookupSecret = Type.Object(
  { config: Type.Optional(AdminIdentityImportCredentialsLookupSecretConfig) },
  { title: 'AdminIdentityImportCredentialsLookupSecret' },
)

export type AuthenticatorTransport = Static<typeof AuthenticatorTransport>
export const AuthenticatorTransport = Type.String({ title: 'AuthenticatorTransport' })

export type IdentityWithCredentialsOidcConfigProvider = Static<typeof IdentityWithCredentialsOidcConfigProvider>
export const IdentityWithCredentialsOidcConfigProvider = Type.Object(
  {
    subject: Type.String(),
    provider: Type.String(),
    organization: Type.Optional(NullUuid),
    use_auto_link: Type.Optional(Type.Boolean()),
  },
  { title: 'identityWithCredentialsOidcConfigProvider' },
)

export type IdentityWithCredentialsOidcConfig = Static<typeof IdentityWithCredentialsOidcConfig>
export const IdentityWithCredentialsOidcConfig = Type.Object(
  { providers: Type.Optional(Type.Array(IdentityWithCredentialsOidcConfigProvider)) },
  { title: 'identityWithCredentialsOidcConfig' },
)

export type IdentityWithCredentialsOidc = Static<typeof IdentityWithCredentialsOidc>
export const IdentityWithCredentialsOidc = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsOidcConfig) },
  { title: 'identityWithCredentialsOidc' },
)

export type IdentityCredentialsWebAuthnAttestation = Static<typeof IdentityCredentialsWebAuthnAttestation>
export const IdentityCredentialsWebAuthnAttestation = Type.Object(
  {
    authenticator_data: Type.Optional(Bytes),
    // biome-ignore lint/style/useNamingConvention: the name in Ory's API
    client_dataJSON: Type.Optional(Bytes),
    client_data_hash: Type.Optional(Bytes),
    object: Type.Optional(Bytes),
    public_key_algorithm: Type.Optional(Int64),
  },
  { title: 'identityCredentialsWebAuthnAttestation' },
)

export type IdentityCredentialsWebAuthnAuthenticator = Static<typeof IdentityCredentialsWebAuthnAuthenticator>
export const IdentityCredentialsWebAuthnAuthenticator = Type.Object(
  {
    aaguid: Type.Optional(Bytes),
    clone_warning: Type.Optional(Type.Boolean()),
    sign_count: Type.Optional(Type.Integer({ format: 'uint32' })),
  },
  { title: 'identityCredentialsWebAuthnAuthenticator' },
)

export type IdentityCredentialsWebAuthnFlags = Static<typeof IdentityCredentialsWebAuthnFlags>
export const IdentityCredentialsWebAuthnFlags = Type.Object(
  {
    backup_eligible: Type.Optional(Type.Boolean()),
    backup_state: Type.Optional(Type.Boolean()),
    user_present: Type.Optional(Type.Boolean()),
    user_verified: Type.Optional(Type.Boolean()),
  },
  { title: 'identityCredentialsWebAuthnFlags' },
)

export type IdentityCredentialsWebAuthn = Static<typeof IdentityCredentialsWebAuthn>
export const IdentityCredentialsWebAuthn = Type.Object(
  {
    added_at: Type.Optional(DateTime),
    attestation: Type.Optional(IdentityCredentialsWebAuthnAttestation),
    attestation_type: Type.Optional(Type.String()),
    authenticator: Type.Optional(IdentityCredentialsWebAuthnAuthenticator),
    display_name: Type.Optional(Type.String()),
    flags: Type.Optional(IdentityCredentialsWebAuthnFlags),
    id: Type.Optional(Bytes),
    is_passwordless: Type.Optional(Type.Boolean()),
    public_key: Type.Optional(Bytes),
    transport: Type.Optional(Type.Array(AuthenticatorTransport)),
  },
  { title: 'identityCredentialsWebAuthn' },
)

export type IdentityCredentialsWebAuthnList = Static<typeof IdentityCredentialsWebAuthnList>
export const IdentityCredentialsWebAuthnList = Type.Array(IdentityCredentialsWebAuthn, {
  title: 'identityCredentialsWebAuthnList',
})

export type IdentityWithCredentialsPasskeyConfig = Static<typeof IdentityWithCredentialsPasskeyConfig>
export const IdentityWithCredentialsPasskeyConfig = Type.Object(
  { credentials: Type.Optional(IdentityCredentialsWebAuthnList), user_handle: Type.Optional(Bytes) },
  { title: 'identityWithCredentialsPasskeyConfig' },
)

export type IdentityWithCredentialsPasskey = Static<typeof IdentityWithCredentialsPasskey>
export const IdentityWithCredentialsPasskey = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsPasskeyConfig) },
  { title: 'identityWithCredentialsPasskey' },
)

export type IdentityWithCredentialsPasswordConfig = Static<typeof IdentityWithCredentialsPasswordConfig>
export const IdentityWithCredentialsPasswordConfig = Type.Object(
  {
    hashed_password: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    use_password_migration_hook: Type.Optional(Type.Boolean()),
  },
  { title: 'identityWithCredentialsPasswordConfig' },
)

export type IdentityWithCredentialsPassword = Static<typeof IdentityWithCredentialsPassword>
export const IdentityWithCredentialsPassword = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsPasswordConfig) },
  { title: 'identityWithCredentialsPassword' },
)

export type IdentityWithCredentialsSamlConfigProvider = Static<typeof IdentityWithCredentialsSamlConfigProvider>
export const IdentityWithCredentialsSamlConfigProvider = Type.Object(
  { subject: Type.String(), provider: Type.String(), organization: Type.Optional(NullUuid) },
  { title: 'identityWithCredentialsSamlConfigProvider' },
)

export type IdentityWithCredentialsSamlConfig = Static<typeof IdentityWithCredentialsSamlConfig>
export const IdentityWithCredentialsSamlConfig = Type.Object(
  { providers: Type.Optional(Type.Array(IdentityWithCredentialsSamlConfigProvider)) },
  { title: 'identityWithCredentialsSamlConfig' },
)

export type IdentityWithCredentialsSaml = Static<typeof IdentityWithCredentialsSaml>
export const IdentityWithCredentialsSaml = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsSamlConfig) },
  { title: 'identityWithCredentialsSaml' },
)

export type IdentityWithCredentialsTotpConfig = Static<typeof IdentityWithCredentialsTotpConfig>
export const IdentityWithCredentialsTotpConfig = Type.Object(
  { totp_url: Type.Optional(Type.String()) },
  { title: 'identityWithCredentialsTotpConfig' },
)

export type IdentityWithCredentialsTotp = Static<typeof IdentityWithCredentialsTotp>
export const IdentityWithCredentialsTotp = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsTotpConfig) },
  { title: 'identityWithCredentialsTotp' },
)

export type IdentityWithCredentialsWebAuthnConfig = Static<typeof IdentityWithCredentialsWebAuthnConfig>
export const IdentityWithCredentialsWebAuthnConfig = Type.Object(
  { credentials: Type.Optional(IdentityCredentialsWebAuthnList), user_handle: Type.Optional(Bytes) },
  { title: 'identityWithCredentialsWebAuthnConfig' },
)

export type IdentityWithCredentialsWebAuthn = Static<typeof IdentityWithCredentialsWebAuthn>
export const IdentityWithCredentialsWebAuthn = Type.Object(
  { config: Type.Optional(IdentityWithCredentialsWebAuthnConfig) },
  { title: 'identityWithCredentialsWebAuthn' },
)

export type IdentityWithCredentials = Static<typeof IdentityWithCredentials>
export const IdentityWithCredentials = Type.Object(
  {
    lookup_secret: Type.Optional(AdminIdentityImportCredentialsLookupSecret),
    oidc: Type.Optional(IdentityWithCredentialsOidc),
    passkey: Type.Optional(IdentityWithCredentialsPasskey),
    password: Type.Optional(IdentityWithCredentialsPassword),
    saml: Type.Optional(IdentityWithCredentialsSaml),
    totp: Type.Optional(IdentityWithCredentialsTotp),
    webauthn: Type.Optional(IdentityWithCredentialsWebAuthn),
  },
  { title: 'identityWithCredentials' },
)

export type IdentityCredentials = Static<typeof IdentityCredentials>
export const IdentityCredentials = Type.Object(
  {
    config: Type.Optional(JsonRawMessage),
    created_at: Type.Optional(DateTime),
    identifiers: Type.Optional(Type.Array(Type.String())),
    type: Type.Optional(CredentialType),
    updated_at: Type.Optional(DateTime),
    version: Type.Optional(Int64),
  },
  { title: 'identityCredentials' },
)

import Type, { type Static } from 'typebox'
import { AnyObject } from '../../schema.ts'

export type UpdateLoginFlowWithPasswordMethod = Static<typeof UpdateLoginFlowWithPasswordMethod>
export const UpdateLoginFlowWithPasswordMethod = Type.Object(
  {
    method: Type.Literal('password'),
    password: Type.String(),
    identifier: Type.String(),
    csrf_token: Type.Optional(Type.String()),
    password_identifier: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithPasswordMethod' },
)

export type UpdateLoginFlowWithOidcMethod = Static<typeof UpdateLoginFlowWithOidcMethod>
export const UpdateLoginFlowWithOidcMethod = Type.Object(
  {
    provider: Type.String(),
    method: Type.Literal('oidc'),
    csrf_token: Type.Optional(Type.String()),
    id_token: Type.Optional(Type.String()),
    id_token_nonce: Type.Optional(Type.String()),
    traits: Type.Optional(AnyObject()),
    transient_payload: Type.Optional(AnyObject()),
    upstream_parameters: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithOidcMethod' },
)

export type UpdateLoginFlowWithSamlMethod = Static<typeof UpdateLoginFlowWithSamlMethod>
export const UpdateLoginFlowWithSamlMethod = Type.Object(
  {
    provider: Type.String(),
    method: Type.Literal('saml'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithSamlMethod' },
)

export type UpdateLoginFlowWithTotpMethod = Static<typeof UpdateLoginFlowWithTotpMethod>
export const UpdateLoginFlowWithTotpMethod = Type.Object(
  {
    method: Type.Literal('totp'),
    totp_code: Type.String(),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithTotpMethod' },
)

export type UpdateLoginFlowWithWebAuthnMethod = Static<typeof UpdateLoginFlowWithWebAuthnMethod>
export const UpdateLoginFlowWithWebAuthnMethod = Type.Object(
  {
    identifier: Type.String(),
    method: Type.Literal('webauthn'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
    webauthn_login: Type.Optional(Type.String()),
  },
  { title: 'updateLoginFlowWithWebAuthnMethod' },
)

export type UpdateLoginFlowWithDeviceAuthnMethod = Static<typeof UpdateLoginFlowWithDeviceAuthnMethod>
export const UpdateLoginFlowWithDeviceAuthnMethod = Type.Object(
  {
    method: Type.Literal('deviceauthn'),
    client_key_id: Type.String(),
    signature: Type.String({ format: 'byte' }),
    pin_proof: Type.Optional(Type.String({ format: 'byte' })),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithDeviceAuthnMethod' },
)

export type UpdateLoginFlowWithLookupSecretMethod = Static<typeof UpdateLoginFlowWithLookupSecretMethod>
export const UpdateLoginFlowWithLookupSecretMethod = Type.Object(
  { method: Type.Literal('lookup_secret'), lookup_secret: Type.String(), csrf_token: Type.Optional(Type.String()) },
  { title: 'updateLoginFlowWithLookupSecretMethod' },
)

export type UpdateLoginFlowWithCodeMethod = Static<typeof UpdateLoginFlowWithCodeMethod>
export const UpdateLoginFlowWithCodeMethod = Type.Object(
  {
    method: Type.Literal('code'),
    csrf_token: Type.String(),
    address: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    identifier: Type.Optional(Type.String()),
    resend: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithCodeMethod' },
)

export type UpdateLoginFlowWithPasskeyMethod = Static<typeof UpdateLoginFlowWithPasskeyMethod>
export const UpdateLoginFlowWithPasskeyMethod = Type.Object(
  {
    method: Type.Literal('passkey'),
    csrf_token: Type.Optional(Type.String()),
    passkey_login: Type.Optional(Type.String()),
  },
  { title: 'updateLoginFlowWithPasskeyMethod' },
)

export type UpdateLoginFlowWithIdentifierFirstMethod = Static<typeof UpdateLoginFlowWithIdentifierFirstMethod>
export const UpdateLoginFlowWithIdentifierFirstMethod = Type.Object(
  {
    method: Type.Literal('identifier_first'),
    identifier: Type.String(),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateLoginFlowWithIdentifierFirstMethod' },
)

export type UpdateLoginFlowBody = Static<typeof UpdateLoginFlowBody>
export const UpdateLoginFlowBody = Type.Union(
  [
    UpdateLoginFlowWithPasswordMethod,
    UpdateLoginFlowWithOidcMethod,
    UpdateLoginFlowWithSamlMethod,
    UpdateLoginFlowWithTotpMethod,
    UpdateLoginFlowWithWebAuthnMethod,
    UpdateLoginFlowWithDeviceAuthnMethod,
    UpdateLoginFlowWithLookupSecretMethod,
    UpdateLoginFlowWithCodeMethod,
    UpdateLoginFlowWithPasskeyMethod,
    UpdateLoginFlowWithIdentifierFirstMethod,
  ],
  { title: 'updateLoginFlowBody' },
)

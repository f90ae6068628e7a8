import Type, { type Static } from 'typebox'
import { AnyObject, Int64, OneOf } from '../../schema.ts'

export type UserVerification = Static<typeof UserVerification>
export const UserVerification = OneOf(['pin', 'platform', 'none'], { title: 'UserVerification' })

export type UpdateSettingsFlowWithPasswordMethod = Static<typeof UpdateSettingsFlowWithPasswordMethod>
export const UpdateSettingsFlowWithPasswordMethod = Type.Object(
  {
    password: Type.String(),
    method: Type.Literal('password'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithPasswordMethod' },
)

export type UpdateSettingsFlowWithProfileMethod = Static<typeof UpdateSettingsFlowWithProfileMethod>
export const UpdateSettingsFlowWithProfileMethod = Type.Object(
  {
    traits: AnyObject(),
    method: Type.Literal('profile'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithProfileMethod' },
)

export type UpdateSettingsFlowWithOidcMethod = Static<typeof UpdateSettingsFlowWithOidcMethod>
export const UpdateSettingsFlowWithOidcMethod = Type.Object(
  {
    method: Type.Literal('oidc'),
    flow: Type.Optional(Type.String()),
    link: Type.Optional(Type.String()),
    traits: Type.Optional(AnyObject()),
    transient_payload: Type.Optional(AnyObject()),
    unlink: Type.Optional(Type.String()),
    upstream_parameters: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithOidcMethod' },
)

export type UpdateSettingsFlowWithSamlMethod = Static<typeof UpdateSettingsFlowWithSamlMethod>
export const UpdateSettingsFlowWithSamlMethod = Type.Object(
  {
    method: Type.Literal('saml'),
    csrf_token: Type.Optional(Type.String()),
    flow: Type.Optional(Type.String()),
    link: Type.Optional(Type.String()),
    traits: Type.Optional(AnyObject()),
    transient_payload: Type.Optional(AnyObject()),
    unlink: Type.Optional(Type.String()),
  },
  { title: 'updateSettingsFlowWithSamlMethod' },
)

export type UpdateSettingsFlowWithTotpMethod = Static<typeof UpdateSettingsFlowWithTotpMethod>
export const UpdateSettingsFlowWithTotpMethod = Type.Object(
  {
    method: Type.Literal('totp'),
    csrf_token: Type.Optional(Type.String()),
    totp_code: Type.Optional(Type.String()),
    totp_unlink: Type.Optional(Type.Boolean()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithTotpMethod' },
)

export type UpdateSettingsFlowWithWebAuthnMethod = Static<typeof UpdateSettingsFlowWithWebAuthnMethod>
export const UpdateSettingsFlowWithWebAuthnMethod = Type.Object(
  {
    method: Type.Literal('webauthn'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
    webauthn_register: Type.Optional(Type.String()),
    webauthn_register_displayname: Type.Optional(Type.String()),
    webauthn_remove: Type.Optional(Type.String()),
  },
  { title: 'updateSettingsFlowWithWebAuthnMethod' },
)

export type UpdateSettingsFlowWithLookupMethod = Static<typeof UpdateSettingsFlowWithLookupMethod>
export const UpdateSettingsFlowWithLookupMethod = Type.Object(
  {
    method: Type.Literal('lookup_secret'),
    csrf_token: Type.Optional(Type.String()),
    lookup_secret_confirm: Type.Optional(Type.Boolean()),
    lookup_secret_disable: Type.Optional(Type.Boolean()),
    lookup_secret_regenerate: Type.Optional(Type.Boolean()),
    lookup_secret_reveal: Type.Optional(Type.Boolean()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithLookupMethod' },
)

export type UpdateSettingsFlowWithPasskeyMethod = Static<typeof UpdateSettingsFlowWithPasskeyMethod>
export const UpdateSettingsFlowWithPasskeyMethod = Type.Object(
  {
    method: Type.Literal('passkey'),
    csrf_token: Type.Optional(Type.String()),
    passkey_remove: Type.Optional(Type.String()),
    passkey_settings_register: Type.Optional(Type.String()),
  },
  { title: 'updateSettingsFlowWithPasskeyMethod' },
)

export type UpdateSettingsFlowWithDeviceAuthnMethodRegister = Static<
  typeof UpdateSettingsFlowWithDeviceAuthnMethodRegister
>
export const UpdateSettingsFlowWithDeviceAuthnMethodRegister = Type.Object(
  {
    device_name: Type.String(),
    version: Int64,
    attestation_ios: Type.Optional(Type.String({ format: 'byte' })),
    certificate_chain_android: Type.Optional(Type.Array(Type.String({ format: 'byte' }))),
    pin_protected: Type.Optional(Type.Boolean()),
    transport_public_key: Type.Optional(Type.String({ format: 'byte' })),
    user_verification: Type.Optional(UserVerification),
  },
  { title: 'updateSettingsFlowWithDeviceAuthnMethodRegister' },
)

export type UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret = Static<
  typeof UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret
>
export const UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret = Type.Object(
  {
    client_key_id: Type.String(),
    transport_public_key: Type.String({ format: 'byte' }),
    signature: Type.String({ format: 'byte' }),
  },
  { title: 'updateSettingsFlowWithDeviceAuthnMethodRotateSecret' },
)

export type UpdateSettingsFlowWithDeviceAuthnMethod = Static<typeof UpdateSettingsFlowWithDeviceAuthnMethod>
export const UpdateSettingsFlowWithDeviceAuthnMethod = Type.Object(
  {
    method: Type.Literal('deviceauthn'),
    csrf_token: Type.Optional(Type.String()),
    deviceauthn_register: Type.Optional(UpdateSettingsFlowWithDeviceAuthnMethodRegister),
    deviceauthn_remove: Type.Optional(Type.String()),
    rotate_secret: Type.Optional(UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateSettingsFlowWithDeviceAuthnMethod' },
)

export type UpdateSettingsFlowBody = Static<typeof UpdateSettingsFlowBody>
export const UpdateSettingsFlowBody = Type.Union(
  [
    UpdateSettingsFlowWithPasswordMethod,
    UpdateSettingsFlowWithProfileMethod,
    UpdateSettingsFlowWithOidcMethod,
    UpdateSettingsFlowWithSamlMethod,
    UpdateSettingsFlowWithTotpMethod,
    UpdateSettingsFlowWithWebAuthnMethod,
    UpdateSettingsFlowWithLookupMethod,
    UpdateSettingsFlowWithPasskeyMethod,
    UpdateSettingsFlowWithDeviceAuthnMethod,
  ],
  { title: 'updateSettingsFlowBody' },
)

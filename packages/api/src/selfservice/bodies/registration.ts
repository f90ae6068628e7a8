import Type, { type Static } from 'typebox'
import { AnyObject, OneOf } from '../../schema.ts'

export type UpdateRegistrationFlowWithPasswordMethod = Static<typeof UpdateRegistrationFlowWithPasswordMethod>
export const UpdateRegistrationFlowWithPasswordMethod = Type.Object(
  {
    password: Type.String(),
    traits: AnyObject(),
    method: Type.Literal('password'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRegistrationFlowWithPasswordMethod' },
)

export type UpdateRegistrationFlowWithOidcMethod = Static<typeof UpdateRegistrationFlowWithOidcMethod>
export const UpdateRegistrationFlowWithOidcMethod = Type.Object(
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
  { title: 'updateRegistrationFlowWithOidcMethod' },
)

export type UpdateRegistrationFlowWithSamlMethod = Static<typeof UpdateRegistrationFlowWithSamlMethod>
export const UpdateRegistrationFlowWithSamlMethod = Type.Object(
  {
    provider: Type.String(),
    method: Type.Literal('saml'),
    csrf_token: Type.Optional(Type.String()),
    traits: Type.Optional(AnyObject()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRegistrationFlowWithSamlMethod' },
)

export type UpdateRegistrationFlowWithWebAuthnMethod = Static<typeof UpdateRegistrationFlowWithWebAuthnMethod>
export const UpdateRegistrationFlowWithWebAuthnMethod = Type.Object(
  {
    traits: AnyObject(),
    method: Type.Literal('webauthn'),
    csrf_token: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
    webauthn_register: Type.Optional(Type.String()),
    webauthn_register_displayname: Type.Optional(Type.String()),
  },
  { title: 'updateRegistrationFlowWithWebAuthnMethod' },
)

export type UpdateRegistrationFlowWithCodeMethod = Static<typeof UpdateRegistrationFlowWithCodeMethod>
export const UpdateRegistrationFlowWithCodeMethod = Type.Object(
  {
    traits: AnyObject(),
    method: Type.Literal('code'),
    code: Type.Optional(Type.String()),
    csrf_token: Type.Optional(Type.String()),
    resend: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRegistrationFlowWithCodeMethod' },
)

export type UpdateRegistrationFlowWithPasskeyMethod = Static<typeof UpdateRegistrationFlowWithPasskeyMethod>
export const UpdateRegistrationFlowWithPasskeyMethod = Type.Object(
  {
    traits: AnyObject(),
    method: Type.Literal('passkey'),
    csrf_token: Type.Optional(Type.String()),
    passkey_register: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRegistrationFlowWithPasskeyMethod' },
)

export type UpdateRegistrationFlowWithProfileMethod = Static<typeof UpdateRegistrationFlowWithProfileMethod>
export const UpdateRegistrationFlowWithProfileMethod = Type.Object(
  {
    traits: AnyObject(),
    method: Type.Literal('profile'),
    csrf_token: Type.Optional(Type.String()),
    screen: Type.Optional(OneOf(['credential-selection', 'previous'])),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'updateRegistrationFlowWithProfileMethod' },
)

export type UpdateRegistrationFlowBody = Static<typeof UpdateRegistrationFlowBody>
export const UpdateRegistrationFlowBody = Type.Union(
  [
    UpdateRegistrationFlowWithPasswordMethod,
    UpdateRegistrationFlowWithOidcMethod,
    UpdateRegistrationFlowWithSamlMethod,
    UpdateRegistrationFlowWithWebAuthnMethod,
    UpdateRegistrationFlowWithCodeMethod,
    UpdateRegistrationFlowWithPasskeyMethod,
    UpdateRegistrationFlowWithProfileMethod,
  ],
  { title: 'updateRegistrationFlowBody' },
)

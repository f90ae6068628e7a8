import Type, { type Static } from 'typebox'
import { AnyObject, Int64, Nullable, OneOf } from '../schema.ts'

/** Functions of the passkey script that a node may ask for. */
const WebAuthnTrigger = OneOf([
  'oryWebAuthnRegistration',
  'oryWebAuthnLogin',
  'oryPasskeyLogin',
  'oryPasskeyLoginAutocompleteInit',
  'oryPasskeyRegistration',
  'oryPasskeySettingsRegistration',
])

export type MessageNumber = Static<typeof MessageNumber>
export const MessageNumber = Type.Integer({ format: 'int64', title: 'ID' })

export type UiText = Static<typeof UiText>
export const UiText = Type.Object(
  {
    id: MessageNumber,
    text: Type.String(),
    type: OneOf(['info', 'error', 'success']),
    context: Type.Optional(AnyObject()),
  },
  { title: 'uiText' },
)

export type UiNodeInputAttributesOption = Static<typeof UiNodeInputAttributesOption>
export const UiNodeInputAttributesOption = Type.Object(
  { value: Type.Unknown() },
  { title: 'uiNodeInputAttributesOption' },
)

export type UiNodeInputAttributes = Static<typeof UiNodeInputAttributes>
export const UiNodeInputAttributes = Type.Object(
  {
    name: Type.String(),
    type: OneOf([
      'text',
      'password',
      'number',
      'checkbox',
      'hidden',
      'email',
      'tel',
      'submit',
      'button',
      'datetime-local',
      'date',
      'url',
    ]),
    disabled: Type.Boolean(),
    node_type: Type.Literal('input'),
    autocomplete: Type.Optional(
      OneOf([
        'email',
        'tel',
        'url',
        'current-password',
        'new-password',
        'one-time-code',
        'username',
        'username webauthn',
      ]),
    ),
    label: Type.Optional(UiText),
    maxlength: Type.Optional(Int64),
    onclick: Type.Optional(Type.String()),
    onclickTrigger: Type.Optional(WebAuthnTrigger),
    onload: Type.Optional(Type.String()),
    onloadTrigger: Type.Optional(WebAuthnTrigger),
    options: Type.Optional(Type.Array(UiNodeInputAttributesOption)),
    pattern: Type.Optional(Type.String()),
    required: Type.Optional(Type.Boolean()),
    value: Type.Optional(Nullable(Type.Unknown())),
  },
  { title: 'uiNodeInputAttributes' },
)

export type UiNodeTextAttributes = Static<typeof UiNodeTextAttributes>
export const UiNodeTextAttributes = Type.Object(
  { text: UiText, id: Type.String(), node_type: Type.Literal('text') },
  { title: 'uiNodeTextAttributes' },
)

export type UiNodeImageAttributes = Static<typeof UiNodeImageAttributes>
export const UiNodeImageAttributes = Type.Object(
  { src: Type.String(), id: Type.String(), width: Int64, height: Int64, node_type: Type.Literal('img') },
  { title: 'uiNodeImageAttributes' },
)

export type UiNodeAnchorAttributes = Static<typeof UiNodeAnchorAttributes>
export const UiNodeAnchorAttributes = Type.Object(
  { href: Type.String(), title: UiText, id: Type.String(), node_type: Type.Literal('a') },
  { title: 'uiNodeAnchorAttributes' },
)

export type UiNodeScriptAttributes = Static<typeof UiNodeScriptAttributes>
export const UiNodeScriptAttributes = Type.Object(
  {
    src: Type.String(),
    async: Type.Boolean(),
    referrerpolicy: Type.String(),
    crossorigin: Type.String(),
    integrity: Type.String(),
    type: Type.String(),
    id: Type.String(),
    nonce: Type.String(),
    node_type: Type.Literal('script'),
  },
  { title: 'uiNodeScriptAttributes' },
)

export type UiNodeDivisionAttributes = Static<typeof UiNodeDivisionAttributes>
export const UiNodeDivisionAttributes = Type.Object(
  {
    id: Type.String(),
    node_type: Type.Literal('div'),
    class: Type.Optional(Type.String()),
    data: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { title: 'uiNodeDivisionAttributes' },
)

export type UiNodeAttributes = Static<typeof UiNodeAttributes>
export const UiNodeAttributes = Type.Union(
  [
    UiNodeInputAttributes,
    UiNodeTextAttributes,
    UiNodeImageAttributes,
    UiNodeAnchorAttributes,
    UiNodeScriptAttributes,
    UiNodeDivisionAttributes,
  ],
  { title: 'uiNodeAttributes' },
)

export type UiTexts = Static<typeof UiTexts>
export const UiTexts = Type.Array(UiText, { title: 'uiTexts' })

export type UiNodeMeta = Static<typeof UiNodeMeta>
export const UiNodeMeta = Type.Object({ label: Type.Optional(UiText) }, { title: 'uiNodeMeta' })

export type UiNode = Static<typeof UiNode>
export const UiNode = Type.Object(
  {
    type: OneOf(['text', 'input', 'img', 'a', 'script', 'div']),
    group: OneOf([
      'default',
      'password',
      'oidc',
      'profile',
      'link',
      'code',
      'totp',
      'lookup_secret',
      'webauthn',
      'passkey',
      'identifier_first',
      'captcha',
      'saml',
      'deviceauthn',
      'oauth2_consent',
    ]),
    attributes: UiNodeAttributes,
    messages: UiTexts,
    meta: UiNodeMeta,
  },
  { title: 'uiNode' },
)

export type UiNodes = Static<typeof UiNodes>
export const UiNodes = Type.Array(UiNode, { title: 'uiNodes' })

export type UiContainer = Static<typeof UiContainer>
export const UiContainer = Type.Object(
  { action: Type.String(), method: Type.String(), nodes: UiNodes, messages: Type.Optional(UiTexts) },
  { title: 'uiContainer' },
)

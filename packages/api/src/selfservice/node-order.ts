import type { UiNode } from './ui.ts'

type Group = UiNode['group']

/** The sort keys of form nodes: group, name (or prefix of it), buttons last, then value. */
export interface NodeOrder {
  readonly groups: readonly Group[]
  readonly names: readonly string[]
}

/** Kratos's node order in the sign-in form. */
export const loginOrder: NodeOrder = {
  groups: ['oidc', 'default', 'webauthn', 'passkey', 'code', 'password', 'totp', 'lookup_secret'],
  names: ['csrf_token', 'identifier', 'password'],
}

/** Kratos's node order in the sign-up form, with the traits of the schema. */
export function registrationOrder(traits: readonly string[]): NodeOrder {
  return {
    groups: ['oidc', 'saml', 'default', 'webauthn', 'passkey', 'code', 'password', 'captcha', 'profile'],
    names: [
      ...['csrf_token', ...traits, 'password'],
      ...['webauthn_remove', 'webauthn_register_displayname', 'webauthn_register'],
    ],
  }
}

/** Kratos's node order in the settings form, with the traits of the schema. */
export function settingsOrder(traits: readonly string[]): NodeOrder {
  return {
    groups: ['default', 'profile', 'password', 'oidc', 'lookup_secret', 'webauthn', 'passkey', 'totp'],
    names: [
      ...[...traits, 'password'],
      ...['lookup_secret_reveal', 'lookup_secret_regenerate', 'lookup_secret_codes', 'lookup_secret_confirm'],
      ...['webauthn_remove', 'webauthn_register_displayname', 'webauthn_register'],
      ...['passkey_remove', 'passkey_register'],
      ...['totp_qr', 'totp_secret_key', 'totp_unlink', 'totp_code'],
    ],
  }
}

/** The groups of a sign-in or sign-up page, from the most to the least common method. */
export const pageGroups: readonly Group[] = [
  ...(['identifier_first', 'password', 'code', 'link', 'totp', 'lookup_secret', 'profile'] as const),
  ...(['passkey', 'webauthn', 'oidc', 'saml'] as const),
]

/** The sections of the settings page, from the most to the least common. */
export const settingsSections: readonly Group[] = [
  ...(['default', 'profile', 'password', 'code', 'passkey', 'webauthn', 'totp', 'lookup_secret'] as const),
  ...(['oidc', 'saml'] as const),
]

/** The fields for one-time codes; the server removes spaces and dashes from pasted codes. */
export const codeFields: readonly string[] = ['code', 'totp_code', 'lookup_secret']

/** The code fields whose codes contain only digits. */
export const digitCodeFields: readonly string[] = ['code', 'totp_code']

/** The field that a flow message concerns, by message id. */
export const fieldOfMessage: Readonly<Record<number, string>> = {
  4000008: 'totp_code',
  4000012: 'lookup_secret',
  4000016: 'lookup_secret',
  4000035: 'identifier',
  4000037: 'identifier',
  4010008: 'code',
  4010010: 'identifier',
  4040003: 'code',
  4060006: 'code',
  4070006: 'code',
}

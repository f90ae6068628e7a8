import type { TemplateField } from '../../kernel/gotemplates/index.ts'
import type { TemplateData, TemplateType } from './types.ts'

type Known = { [T in TemplateType]: keyof TemplateData[T] }[TemplateType] | 'request_url_domain'

/** The names of the data in templates, as in Kratos. */
const names = {
  to: { name: 'To', type: 'string' },
  recovery_code: { name: 'RecoveryCode', type: 'string' },
  recovery_url: { name: 'RecoveryURL', type: 'string' },
  verification_url: { name: 'VerificationURL', type: 'string' },
  verification_code: { name: 'VerificationCode', type: 'string' },
  login_code: { name: 'LoginCode', type: 'string' },
  new_device: { name: 'NewDevice', type: 'string' },
  traits: { name: 'Traits', type: 'object' },
  registration_code: { name: 'RegistrationCode', type: 'string' },
  identity: { name: 'Identity', type: 'object' },
  changed_at: { name: 'ChangedAt', type: 'string' },
  request_url: { name: 'RequestURL', type: 'string' },
  request_url_domain: { name: 'RequestURLDomain', type: 'string' },
  transient_payload: { name: 'TransientPayload', type: 'object' },
  authenticator: { name: 'Authenticator', type: 'string' },
  added_at: { name: 'AddedAt', type: 'string' },
  reason: { name: 'Reason', type: 'string' },
  expires_at: { name: 'ExpiresAt', type: 'string' },
  expires_in_minutes: { name: 'ExpiresInMinutes', type: 'integer' },
} satisfies Record<Known, Omit<TemplateField, 'json'>>

const common = ['to', 'request_url', 'request_url_domain', 'transient_payload'] as const
const known = [...common, 'identity', 'expires_in_minutes'] as const

/** The names of the data of each message. */
const keysOf: { readonly [T in TemplateType]: readonly (keyof TemplateData[T] | 'request_url_domain')[] } = {
  recovery_code_valid: [...known, 'recovery_code'],
  recovery_code_invalid: common,
  recovery_valid: [...known, 'recovery_url'],
  recovery_invalid: common,
  verification_code_valid: [...known, 'verification_code', 'verification_url'],
  verification_code_invalid: common,
  verification_valid: [...known, 'verification_url'],
  verification_invalid: common,
  login_code_valid: [...known, 'login_code', 'new_device'],
  registration_code_valid: [...common, 'expires_in_minutes', 'registration_code', 'traits'],
  verifiable_address_changed: ['to', 'transient_payload', 'identity', 'changed_at'],
  authenticator_key_added: ['to', 'transient_payload', 'identity', 'authenticator', 'added_at'],
  impersonation_started: ['to', 'identity', 'reason', 'expires_at'],
}

/** The fields that templates of a message can use. */
export function fieldsOf(type: TemplateType): TemplateField[] {
  return keysOf[type].map((key) => ({ ...names[key as Known], json: key }))
}

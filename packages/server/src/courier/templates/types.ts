import type { GoTemplate } from '../../kernel/gotemplates/index.ts'

/** The data available to templates. Names match Kratos' JSON, which HTTP channels receive as `template_data`. */
export interface TemplateData {
  recovery_code_valid: Known & { recovery_code: string }
  recovery_code_invalid: Common
  recovery_valid: Known & { recovery_url: string }
  recovery_invalid: Common
  verification_code_valid: Known & { verification_code: string; verification_url: string }
  verification_code_invalid: Common
  verification_valid: Known & { verification_url: string }
  verification_invalid: Common
  /** `new_device` is set where the password was right and the browser is not known. */
  login_code_valid: Known & { login_code: string; new_device?: 'true' }
  registration_code_valid: Common & { registration_code: string; traits: object; expires_in_minutes: number }
  verifiable_address_changed: Pick<Common, 'to' | 'transient_payload'> & Changed
  /** `authenticator` is the type of the credential. */
  authenticator_key_added: Pick<Common, 'to' | 'transient_payload'> & Added
  /** Latchkey's own: an administrator acts as the recipient. `expires_at` is when that ends (RFC 3339). */
  impersonation_started: Pick<Common, 'to'> & { identity: object; reason: string; expires_at: string }
}

export type TemplateType = keyof TemplateData

interface Common {
  /** The recipient. */
  to: string
  /** The URL at which the flow was started. */
  request_url: string
  transient_payload?: object
}

interface Changed {
  /** The identity after the change, as the API shows it. */
  identity: object
  /** When an address of the identity was changed (RFC 3339). */
  changed_at: string
}

interface Added {
  /** The identity after the change, as the API shows it. */
  identity: object
  authenticator: string
  /** When it was added (RFC 3339). */
  added_at: string
}

interface Known extends Common {
  /** The identity as the API shows it. */
  identity: object
  expires_in_minutes: number
}

/** The messages that can also be sent as text messages. */
export const smsTemplates: readonly TemplateType[] = [
  'recovery_code_valid',
  'verification_code_valid',
  'login_code_valid',
  'registration_code_valid',
  'verifiable_address_changed',
  'authenticator_key_added',
]

/** The parts of a message that a custom template may replace. */
export type TemplatePart = 'subject' | 'text' | 'html' | 'sms'

/** Custom templates by message and part; missing parts use the built-in templates. */
export type CustomTemplates = ReadonlyMap<`${TemplateType}/${TemplatePart}`, GoTemplate>

/** A rendered message: for text messages, `subject` is empty and `html` is absent. */
export interface Rendered {
  subject: string
  text: string
  html?: string
}

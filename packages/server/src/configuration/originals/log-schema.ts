import Type from 'typebox'
import { choice, closedObject } from '../../kernel/config/schema-builders.ts'
import { ignoredKey } from '../../kernel/config/support.ts'
import { logFormats } from '../../kernel/log-format.ts'

/** The log of Hydra and Keto. */
export const log = closedObject({
  // `warning` as well, so that one LOG_LEVEL suits this and the identity part.
  level: choice(['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace'], 'info'),
  format: Type.Optional(choice(logFormats)),
  leak_sensitive_values: ignoredKey(Type.Optional(Type.Boolean()), 'secrets are never written to the log'),
  redaction_text: Type.Optional(Type.String()),
})

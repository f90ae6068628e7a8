import Type, { type Static } from 'typebox'
import { identities, limit, namespaces, serve } from '../../permission/config.ts'
import { choice, closed, flag } from './kinds.ts'
import { tracing } from './serve.ts'

const log = closed({
  // `warning` as well, so that one LOG_LEVEL suits this and the identity part.
  level: choice(['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace'], 'info'),
  format: Type.Optional(choice(['json', 'json_pretty', 'gelf', 'text'])),
  leak_sensitive_values: Type.Optional(Type.Boolean()),
  redaction_text: Type.Optional(Type.String()),
})

const longSecret = Type.String({ minLength: 16, expected: 'a secret of at least 16 characters' })

/** A Keto configuration file, whole, with what is our own (`identities`). */
export const ketoSchema = closed({
  $schema: Type.Optional(Type.String()),
  dsn: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  serve,
  namespaces: Type.Optional(namespaces),
  limit,
  identities,
  log,
  tracing: Type.Optional(tracing),
  profiling: Type.Optional(choice(['cpu', 'mem', ''])),
  clients: Type.Object({ http: Type.Object({ disallow_private_ip_ranges: flag(false) }) }),
  secrets: Type.Optional(Type.Object({ pagination: Type.Optional(Type.Array(longSecret)) })),
})

export type KetoFile = Static<typeof ketoSchema>

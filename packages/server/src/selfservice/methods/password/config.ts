import Type, { type Static } from 'typebox'
import { requestAuth } from '../../../kernel/config/request.ts'
import {
  closedObject,
  flag,
  headerMap,
  integer,
  sourcePattern,
  text,
  uri,
} from '../../../kernel/config/schema-builders.ts'
import { ignoredKey } from '../../../kernel/config/support.ts'

const migrationRequest = closedObject({
  url: Type.Optional(uri({ pattern: '^https?://', expected: 'an http(s) URL with a possible host and port' })),
  method: Type.Unsafe<'POST'>({ const: 'POST', default: 'POST' }),
  headers: headerMap(),
  emit_analytics_event: ignoredKey(flag(true), 'nothing is reported to anybody'),
  auth: Type.Optional(requestAuth),
  body: Type.Optional(Type.String({ format: 'uri', pattern: sourcePattern })),
})

export type MigrationHookConfig = Static<typeof migrationRequest>

const whenEnabled = {
  if: { properties: { enabled: { const: true } }, required: ['enabled'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['config'], properties: { config: { required: ['url'] } } },
}

/** The request that asks the previous system about a password. */
const migrateHook = closedObject({ enabled: flag(false), config: Type.Optional(migrationRequest) }, whenEnabled)

export const config = closedObject({
  enabled: flag(true),
  config: closedObject({
    haveibeenpwned_host: text('api.pwnedpasswords.com'),
    haveibeenpwned_enabled: flag(true),
    common_passwords_refused: flag(false),
    max_breaches: integer(0, { minimum: 0, maximum: 100 }),
    ignore_network_errors: flag(true),
    min_password_length: integer(8, { minimum: 6 }),
    identifier_similarity_check_enabled: flag(true),
    migrate_hook: migrateHook,
  }),
})

export { afterCredentialFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    password: Static<typeof config>
  }
}

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
import { refusedWhenEnabled } from '../../../kernel/config/support.ts'

export const config = closedObject({
  enabled: flag(true),
  config: closedObject({
    haveibeenpwned_host: text('api.pwnedpasswords.com'),
    haveibeenpwned_enabled: flag(true),
    max_breaches: integer(0, { minimum: 0, maximum: 100 }),
    ignore_network_errors: flag(true),
    min_password_length: integer(8, { minimum: 6 }),
    identifier_similarity_check_enabled: flag(true),
    migrate_hook: refusedWhenEnabled(
      closedObject({
        enabled: flag(false),
        config: Type.Optional(
          closedObject({
            url: Type.Optional(uri()),
            method: Type.Unsafe<'POST'>({ const: 'POST', default: 'POST' }),
            headers: headerMap(),
            emit_analytics_event: flag(true),
            auth: Type.Optional(requestAuth),
            body: Type.Optional(Type.String({ format: 'uri', pattern: sourcePattern })),
          }),
        ),
      }),
      'password.migrate_hook',
    ),
  }),
})

export { afterCredentialFlows as after } from '../../hooks.config.ts'

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    password: Static<typeof config>
  }
}

import Type, { type Static } from 'typebox'
import {
  choice,
  closedObject,
  cookieDomain,
  cookiePath,
  duration,
  flag,
  positiveDuration,
  textFlag,
  token,
  uri,
} from '../kernel/config/schema-builders.ts'

const tokenizerTemplate = Type.Object({
  ttl: duration('1m'),
  claims_mapper_url: Type.Optional(uri()),
  jwks_url: uri(),
  subject_source: choice(['id', 'external_id'], 'id'),
})

/** `impersonation` and `device_bound` are Latchkey's own. `earliest_possible_extend` defaults to the lifespan; unset cookie attributes are taken from `cookies`. */
export const session = closedObject({
  whoami: closedObject({
    required_aal: choice(['aal1', 'highest_available'], 'highest_available'),
    tokenizer: Type.Optional(
      Type.Object({
        templates: Type.Optional(Type.Record(Type.String({ pattern: '[a-zA-Z0-9-_.]+' }), tokenizerTemplate)),
      }),
    ),
  }),
  lifespan: positiveDuration('24h'),
  cookie: closedObject({
    domain: Type.Optional(cookieDomain()),
    name: token('the name of a cookie', { default: 'ory_kratos_session' }),
    persistent: flag(true),
    path: Type.Optional(cookiePath()),
    secure: Type.Optional(textFlag()),
    same_site: Type.Optional(choice(['Strict', 'Lax', 'None'])),
  }),
  earliest_possible_extend: Type.Optional(duration()),
  impersonation: closedObject({
    enabled: flag(false),
    lifespan: positiveDuration('15m'),
    max_lifespan: positiveDuration('1h'),
    notify: flag(true),
  }),
  device_bound: closedObject({
    enabled: flag(false),
    refresh_lifespan: positiveDuration('10m'),
    scope: choice(['origin', 'site'], 'origin'),
  }),
})

declare module '../kernel/project-config.ts' {
  interface ProjectConfig {
    /** The secrets of the session cookies that Kratos set before a server moved; they are accepted, and none is set. */
    readonly kratosCookieSecrets?: readonly string[]
  }
  interface IdentityConfig {
    readonly session: Static<typeof session> & { earliest_possible_extend: number }
  }
}

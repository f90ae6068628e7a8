import Type, { type Static } from 'typebox'
import { anyObject, choice, closedObject, flag, text, uriReference } from '../../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported, notSupportedWith, refusedKey } from '../../kernel/config/support.ts'
import { oauth2, oidc, strategies, ttl, urls, webfinger } from '../../oauth2/index.ts'
import { serve } from './hydra-serve-schema.ts'
import { tracing } from './kratos-serve-schema.ts'
import { log } from './log-schema.ts'

const longSecret = Type.String({ minLength: 16, expected: 'a secret of at least 16 characters' })

/**
 * The secrets from which keys are derived: `system`; `cookie`, or `system` if there is none, authenticates the cookies.
 * The first one is the current one; what was encrypted or signed with the others is still accepted.
 */
const secrets = closedObject({
  system: Type.Array(longSecret, { default: [] }),
  cookie: Type.Array(longSecret, { default: [] }),
  pagination: ignoredKey(
    Type.Optional(Type.Array(longSecret)),
    'page tokens are sealed under a key that the installation keeps in its database',
  ),
})

const withHsm = <S extends Parameters<typeof notSupportedWith>[0]>(schema: S) => notSupportedWith(schema, 'hsm.enabled')

const hsm = Type.Optional(
  closedObject({
    enabled: refusedKey(
      Type.Optional(Type.Boolean()),
      'private keys would not be kept in the hardware security module',
    ),
    library: withHsm(Type.Optional(Type.String())),
    pin: withHsm(Type.Optional(Type.String())),
    slot: withHsm(Type.Optional(Type.Integer())),
    token_label: withHsm(Type.Optional(Type.String())),
    key_set_prefix: withHsm(text('')),
  }),
)

/** The schema of a Hydra configuration file, composed of the parts of the room `oauth2`. */
export const hydraSchema = closedObject({
  $schema: ignoredKey(Type.Optional(Type.String()), 'it tells editors what the file looks like'),
  dsn: Type.Optional(Type.String({ format: 'dsn' })),
  version: ignoredKey(Type.Optional(Type.String()), 'it says which version of the original the file was written for'),
  dev: flag(false),
  serve,
  urls,
  oidc,
  webfinger,
  strategies,
  ttl,
  oauth2,
  secrets,
  hsm,
  log,
  tracing: Type.Optional(tracing),
  profiling: notSupported(Type.Optional(choice(['cpu', 'mem'])), 'profiles are made with the options of Node'),
  clients: closedObject({
    http: closedObject({
      disallow_private_ip_ranges: flag(false),
      private_ip_exception_urls: Type.Array(uriReference({ format: 'uri-reference-pattern' }), { default: [] }),
    }),
  }),
  db: ignoredKey(
    Type.Optional(closedObject({ ignore_unknown_table_columns: flag(false) })),
    'the tables are those of Latchkey',
  ),
  sqa: ignoredKey(Type.Optional(anyObject()), 'nothing is reported to anybody'),
  cgroups: ignoredKey(
    Type.Optional(closedObject({ v1: closedObject({ auto_max_procs_enabled: flag(false) }) })),
    '--workers says how many processors are used',
  ),
  feature_flags: ignoredKey(Type.Optional(anyObject()), 'no flag has an effect outside the Ory Network'),
})

export type HydraFile = Static<typeof hydraSchema>

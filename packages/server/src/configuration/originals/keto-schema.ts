import Type, { type Static } from 'typebox'
import { choice, closedObject, flag } from '../../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported } from '../../kernel/config/support.ts'
import { featureFlags, identities, limit, namespaces } from '../../permission/index.ts'
import { serve } from './keto-serve-schema.ts'
import { tracing } from './kratos-serve-schema.ts'
import { log } from './log-schema.ts'

const longSecret = Type.String({ minLength: 16, expected: 'a secret of at least 16 characters' })

/** The schema of a Keto configuration file, with our extension `identities`. */
export const ketoSchema = closedObject({
  $schema: ignoredKey(Type.Optional(Type.String()), 'it tells editors what the file looks like'),
  dsn: Type.Optional(Type.String({ format: 'dsn' })),
  version: ignoredKey(Type.Optional(Type.String()), 'it says which version of the original the file was written for'),
  serve,
  namespaces: Type.Optional(namespaces),
  limit,
  feature_flags: featureFlags,
  identities,
  log,
  tracing: Type.Optional(tracing),
  profiling: notSupported(Type.Optional(choice(['cpu', 'mem', ''])), 'profiles are made with the options of Node'),
  clients: Type.Object({ http: Type.Object({ disallow_private_ip_ranges: flag(false) }) }),
  secrets: Type.Optional(
    Type.Object({
      pagination: ignoredKey(
        Type.Optional(Type.Array(longSecret)),
        'page tokens are sealed under a key that the installation keeps in its database',
      ),
    }),
  ),
})

export type KetoFile = Static<typeof ketoSchema>

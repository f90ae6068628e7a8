import { httpMethods } from '@latchkey/api'
import Type from 'typebox'
import { choice, closedObject, flag, headerNames, integer } from './schema-builders.ts'
import { ignoredKey } from './support.ts'

/** The methods that a configuration can name. */
export const corsMethods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE'] as const

interface CorsDefaults {
  readonly origins: string[]
  readonly methods?: readonly (typeof corsMethods)[number][]
  readonly headers: string[]
  readonly exposed: string[]
}

/** CORS of a listener of Kratos or Hydra, which differ in their defaults. */
export function corsSchema({ origins, methods = httpMethods, headers, exposed }: CorsDefaults) {
  return closedObject({
    enabled: flag(false),
    allowed_origins: Type.Array(
      Type.String({
        minLength: 1,
        not: { pattern: '\\*.*\\*' },
        anyOf: [{ format: 'uri-pattern' }, { const: '*' }],
        expected: 'an origin with at most one asterisk, or *',
      }),
      { uniqueItems: true, default: origins },
    ),
    allowed_methods: Type.Array(choice(corsMethods), { default: [...methods] }),
    allowed_headers: headerNames(headers),
    exposed_headers: headerNames(exposed),
    allow_credentials: flag(true),
    options_passthrough: ignoredKey(flag(false), 'preflight requests are always answered by the listener itself'),
    max_age: integer(0, { minimum: 0 }),
    debug: ignoredKey(flag(false), 'it only makes the log longer'),
  })
}

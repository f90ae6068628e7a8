import Type, { type Static } from 'typebox'
import { choice, closedObject, flag, headerNames, integer } from '../../kernel/config/schema-builders.ts'
import { ignoredKey } from '../../kernel/config/support.ts'

const methods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE'] as const

/** CORS of a listener. Without origins, all are allowed. */
export const cors = closedObject({
  enabled: flag(false),
  allowed_origins: Type.Array(
    Type.String({
      minLength: 1,
      not: { pattern: '\\*.*\\*' },
      anyOf: [{ format: 'uri-pattern' }, { const: '*' }],
      expected: 'an origin with at most one asterisk, or *',
    }),
    { uniqueItems: true, default: [] },
  ),
  allowed_methods: Type.Array(choice(methods), { default: [...methods] }),
  allowed_headers: headerNames([
    'Accept',
    'Content-Type',
    'Content-Length',
    'Accept-Language',
    'Content-Language',
    'Authorization',
  ]),
  exposed_headers: headerNames([
    'Cache-Control',
    'Expires',
    'Last-Modified',
    'Pragma',
    'Content-Length',
    'Content-Language',
    'Content-Type',
  ]),
  allow_credentials: flag(true),
  options_passthrough: ignoredKey(flag(false), 'preflight requests are always answered by the listener itself'),
  max_age: integer(0, { minimum: 0 }),
  debug: ignoredKey(flag(false), 'it only makes the log longer'),
})

export type OAuth2Cors = Static<typeof cors>

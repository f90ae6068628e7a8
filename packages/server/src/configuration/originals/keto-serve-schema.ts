import { httpMethods } from '@latchkey/api'
import Type from 'typebox'
import {
  choice,
  closedObject,
  filePath,
  flag,
  headerNames,
  integer,
  text,
} from '../../kernel/config/schema-builders.ts'
import { ignoredKey } from '../../kernel/config/support.ts'
import { tls } from '../../kernel/config/tls.ts'

const corsMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'TRACE', 'PATCH'] as const

const cors = closedObject({
  enabled: flag(false),
  allowed_origins: Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true, default: ['*'] }),
  allowed_methods: Type.Array(choice(corsMethods), {
    uniqueItems: true,
    default: [...httpMethods],
  }),
  allowed_headers: headerNames(['Authorization', 'Content-Type'], { uniqueItems: true }),
  exposed_headers: headerNames(['Content-Type'], { uniqueItems: true }),
  allow_credentials: flag(false),
  max_age: integer(0),
  debug: ignoredKey(flag(false), 'it only makes the log longer'),
})

const listener = (port: number) =>
  closedObject({
    port: integer(port, { minimum: 0, maximum: 65_535 }),
    host: text(''),
    write_listen_file: Type.Optional(filePath({ format: 'uri' })),
    cors,
    tls,
  })

/** The listeners of Keto. An empty host means all interfaces. */
export const serve = closedObject({
  read: listener(4466),
  write: listener(4467),
  metrics: listener(4468),
  opl: listener(4469),
})

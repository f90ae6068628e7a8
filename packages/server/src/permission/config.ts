import Type, { type Static } from 'typebox'
import { choice, closed, flag, integer, strings, text, uri } from '../kernel/config/kinds.ts'
import { tls } from '../kernel/config/serve.ts'

/** A namespace that is only named, as configurations wrote it before there was a language for it. */
export const namedNamespace = closed({
  $schema: Type.Optional(Type.String()),
  name: Type.String(),
  id: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** Where the model stands: an address of old namespace files, a list of names, or the address of a namespaces file. */
export type NamespacesSource =
  | string
  | Static<typeof namedNamespace>[]
  | { location: string; experimental_strict_mode?: boolean }

/** One schema for the three forms: each keyword of JSON Schema looks only at values of its own type. */
export const namespaces = Type.Unsafe<NamespacesSource>({
  type: ['string', 'array', 'object'],
  format: 'uri',
  items: namedNamespace,
  properties: { location: uri(), experimental_strict_mode: Type.Boolean() },
  required: ['location'],
  additionalProperties: false,
})

const bounded = (fallback: number) => integer(fallback, { minimum: 1, maximum: 65_535 })

/** Bounds of what one request may cost. */
export const limit = closed({
  max_read_depth: bounded(5),
  max_read_width: bounded(100),
  max_batch_check_size: bounded(10),
  batch_check_max_parallelization: bounded(5),
})

/**
 * How relationships go together with identities; Latchkey's own, since Keto knows of no identities. Off unless told, as
 * an id of a subject may stand for anything.
 */
export const identities = closed({
  /** Whether a `subject_id` that is written has to be the id of an identity. */
  required: flag(false),
  /** Whether the relationships of an identity are deleted with it. */
  delete_relationships: flag(false),
  /** Namespaces whose objects are identities, so that `User:ID` goes with the identity as well. */
  namespaces: strings([], { uniqueItems: true, maxItems: 100 }),
})

const corsMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'TRACE', 'PATCH'] as const

const cors = closed({
  enabled: flag(false),
  allowed_origins: Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true, default: ['*'] }),
  allowed_methods: Type.Array(choice(corsMethods), {
    uniqueItems: true,
    default: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  }),
  allowed_headers: strings(['Authorization', 'Content-Type'], { uniqueItems: true }),
  exposed_headers: strings(['Content-Type'], { uniqueItems: true }),
  allow_credentials: flag(false),
  max_age: integer(0),
  debug: flag(false),
})

const listener = (port: number) =>
  closed({
    port: integer(port, { minimum: 0, maximum: 65_535 }),
    host: text(''),
    write_listen_file: Type.Optional(uri()),
    cors,
    tls,
  })

/** The original's listeners. An empty host stands for every interface. */
export const serve = closed({
  read: listener(4466),
  write: listener(4467),
  metrics: listener(4468),
  opl: listener(4469),
})

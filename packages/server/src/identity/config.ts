import Type, { type Static } from 'typebox'
import { byteSize, choice, closedObject, duration, flag, integer, text, uri } from '../kernel/config/schema-builders.ts'
import { ignoredKey } from '../kernel/config/support.ts'

/** The identity schemas that traits are validated against; registration uses the default one. */
export const identity = closedObject({
  default_schema_id: text('default'),
  schemas: Type.Array(Type.Object({ id: Type.String(), url: uri(), selfservice_selectable: flag(false) }), {
    minItems: 1,
  }),
})

const onlyAdvice = 'the original compares it with a measurement to give advice on its settings'

/** How new passwords are hashed. `bcrypt.cost` under 12 is raised to 12 outside development mode, as in Kratos. */
export const hashers = closedObject({
  algorithm: choice(['argon2', 'bcrypt'], 'bcrypt'),
  argon2: closedObject({
    memory: byteSize('128MB'),
    iterations: integer(1, { minimum: 1 }),
    parallelism: integer(1, { minimum: 1 }),
    salt_length: integer(16, { minimum: 16 }),
    key_length: integer(32, { minimum: 16 }),
    expected_duration: ignoredKey(duration('500ms'), onlyAdvice),
    expected_deviation: ignoredKey(duration('500ms'), onlyAdvice),
    dedicated_memory: ignoredKey(byteSize('1GB'), onlyAdvice),
  }),
  bcrypt: closedObject({ cost: integer(12, { minimum: 4, maximum: 16 }) }),
})

/** The maximum number of failed attempts to prove an identity within `window`, per account and per network. */
const attempts = closedObject({
  enabled: flag(true),
  per_account: integer(30, { minimum: 1 }),
  per_address: integer(300, { minimum: 1 }),
  window: duration('10m'),
})

/** The maximum number of messages within `window`, per recipient, per account, and per network that asks for them. */
const messages = closedObject({
  enabled: flag(true),
  per_recipient: integer(5, { minimum: 1 }),
  per_account: integer(30, { minimum: 1 }),
  per_address: integer(1000, { minimum: 1 }),
  window: duration('1h'),
})

/** The maximum number of submitted registrations within `window` per network. */
const registrations = closedObject({
  enabled: flag(true),
  per_address: integer(300, { minimum: 1 }),
  window: duration('10m'),
})

/**
 * A proof of work that forms demand once a share of a limit is used up, and that can be accepted where a password would
 * be locked. `difficulty` is the largest number that the first challenge lets a client try.
 */
const proofOfWork = closedObject({
  enabled: flag(false),
  after_percent: integer(20, { minimum: 1, maximum: 100 }),
  replaces_lockout: flag(false),
  difficulty: integer(200_000, { minimum: 1000, maximum: 10_000_000 }),
})

/**
 * A code by e-mail that a sign-in with a password needs in a browser that is not known for the identity. A browser stays
 * known for `known_for`; an identity has at most `max_devices` of them.
 */
const newDeviceCode = closedObject({
  enabled: flag(false),
  known_for: duration('2160h'),
  max_devices: integer(20, { minimum: 1, maximum: 100 }),
})

export const security = Type.Object({
  account_enumeration: Type.Object({ mitigate: flag(false) }),
  disallow_ref_in_identity_schemas: ignoredKey(flag(false), 'a `$ref` that leaves its schema is always refused'),
  ...{ attempts, messages, registrations, proof_of_work: proofOfWork, new_device_code: newDeviceCode },
})

/** A loaded identity schema. */
export interface IdentitySchema {
  id: string
  /** Its URL in the public API. */
  url: string
  /** Its URL in the configuration. */
  rawUrl: string
  document: object
  selfserviceSelectable: boolean
}

declare module '../kernel/project-config.ts' {
  interface IdentityConfig {
    readonly identity: Static<typeof identity>
    readonly hashers: Static<typeof hashers>
    readonly security: Static<typeof security>
  }
  interface ProjectConfig {
    readonly identitySchemas: readonly IdentitySchema[]
  }
}

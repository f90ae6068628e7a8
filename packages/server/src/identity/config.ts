import Type from 'typebox'
import { byteSize, choice, closed, duration, flag, integer, text, uri } from '../kernel/config/kinds.ts'

/** The identity schemas that traits are checked against; the default one is for people who sign up. */
export const identity = closed({
  default_schema_id: text('default'),
  schemas: Type.Array(Type.Object({ id: Type.String(), url: uri(), selfservice_selectable: flag(false) }), {
    minItems: 1,
  }),
})

/** How new passwords are hashed. `bcrypt.cost` under 12 is raised to 12 outside development mode, as in Kratos. */
export const hashers = closed({
  algorithm: choice(['argon2', 'bcrypt'], 'bcrypt'),
  argon2: closed({
    memory: byteSize('128MB'),
    iterations: integer(1, { minimum: 1 }),
    parallelism: integer(1, { minimum: 1 }),
    salt_length: integer(16, { minimum: 16 }),
    key_length: integer(32, { minimum: 16 }),
    expected_duration: duration('500ms'),
    expected_deviation: duration('500ms'),
    dedicated_memory: byteSize('1GB'),
  }),
  bcrypt: closed({ cost: integer(12, { minimum: 4, maximum: 16 }) }),
})

/** How many attempts at signing in may fail in the time of `window`: for one account, and from one network. */
const attempts = closed({
  enabled: flag(true),
  per_account: integer(30, { minimum: 1 }),
  per_address: integer(300, { minimum: 1 }),
  window: duration('10m'),
})

export const security = Type.Object({ account_enumeration: Type.Object({ mitigate: flag(false) }), attempts })

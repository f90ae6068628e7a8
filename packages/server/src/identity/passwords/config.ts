import Type, { type Static } from 'typebox'

/** The `hashers` part of the identity configuration, as Kratos names it. */
export const HashersConfig = Type.Object(
  {
    algorithm: Type.Union([Type.Literal('bcrypt'), Type.Literal('argon2')], {
      default: 'bcrypt',
      description: 'How new passwords are hashed. Other hashes change to it when their owner next signs in.',
    }),
    bcrypt: Type.Object(
      {
        cost: Type.Integer({
          minimum: 4,
          maximum: 16,
          default: 12,
          description: 'Doubles the time with each step. Below 12 it counts in development mode only.',
        }),
      },
      { additionalProperties: false, default: {} },
    ),
    argon2: Type.Object(
      {
        memory: Type.String({
          pattern: '^[0-9]+(B|KB|MB|GB|TB|PB|EB)$',
          default: '128MB',
          description: 'Memory for one password, at most 1GB.',
        }),
        iterations: Type.Integer({ minimum: 1, maximum: 100, default: 1 }),
        parallelism: Type.Integer({ minimum: 1, maximum: 255, default: 1 }),
        salt_length: Type.Integer({ minimum: 16, maximum: 64, default: 16 }),
        key_length: Type.Integer({ minimum: 16, maximum: 128, default: 32 }),
        expected_duration: Type.Optional(Type.String()),
        expected_deviation: Type.Optional(Type.String()),
        dedicated_memory: Type.Optional(Type.String()),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
)
export type HashersConfig = Static<typeof HashersConfig>

const unitBytes = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4, PB: 1024 ** 5, EB: 1024 ** 6 }

/** Bytes of a size like `128MB` (units of 1024). Throws RangeError when the text is no size. */
export function parseByteSize(text: string): number {
  const [, count, unit] = /^(\d{1,15})(B|KB|MB|GB|TB|PB|EB)$/.exec(text) ?? []
  if (!count || !unit) throw new RangeError('not a size such as 128MB')
  return Number(count) * unitBytes[unit as keyof typeof unitBytes]
}

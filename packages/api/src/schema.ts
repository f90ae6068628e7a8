import Type, { type TEnum, type TSchemaOptions, type TUnsafe } from 'typebox'

/** An object with any members. */
export function AnyObject(options: TSchemaOptions = {}): TUnsafe<Record<string, unknown>> {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', ...options })
}

/** One of the given words. */
export function OneOf<const Words extends string[]>(
  words: readonly [...Words],
  options: TSchemaOptions = {},
): TEnum<Words> {
  return Type.Enum([...words], { type: 'string', ...options }) as TEnum<Words>
}

import Type, {
  type Static,
  type TEnum,
  type TNull,
  type TSchema,
  type TSchemaOptions,
  type TUnion,
  type TUnsafe,
} from 'typebox'

// A schema with a `title` is a model: the title is its name in the OpenAPI document.

export const Uuid = Type.String({ format: 'uuid' })
export const DateTime = Type.String({ format: 'date-time' })
export const Int64 = Type.Integer({ format: 'int64' })
export const Bytes = Type.Array(Type.Integer({ minimum: 0, maximum: 255 }))
/** As Go writes durations, such as 1h30m. */
export const Duration = Type.String({ pattern: '^([0-9]+([.][0-9]+)?(ns|us|µs|ms|s|m|h))+$' })

export type StringSlice = Static<typeof StringSlice>
export const StringSlice = Type.Array(Type.String(), { title: 'StringSliceJSONFormat' })

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

/** The schema's values or null. */
export function Nullable<S extends TSchema>(schema: S, options: TSchemaOptions = {}): TUnion<[S, TNull]> {
  return Type.Union([schema, Type.Null()], options)
}

export type NullTime = Static<typeof NullTime>
export const NullTime = Type.String({ format: 'date-time', title: 'nullTime' })

export type NullUuid = Static<typeof NullUuid>
export const NullUuid = Nullable(Uuid, { title: 'NullUUID' })

export type JsonRawMessage = Static<typeof JsonRawMessage>
export const JsonRawMessage = AnyObject({ title: 'JSONRawMessage' })

export type NullJsonRawMessage = Static<typeof NullJsonRawMessage>
export const NullJsonRawMessage = Nullable(Type.Unknown(), { title: 'nullJsonRawMessage' })

export type JsonPatch = Static<typeof JsonPatch>
/** One change of a JSON document (RFC 6902). */
export const JsonPatch = Type.Object(
  {
    op: OneOf(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: Type.String(),
    from: Type.Optional(Type.String()),
    value: Type.Optional(Type.Unknown()),
  },
  { title: 'jsonPatch' },
)

export type JsonPatchDocument = Static<typeof JsonPatchDocument>
export const JsonPatchDocument = Type.Array(JsonPatch, { title: 'jsonPatchDocument' })

import Type, { type Static, type TProperties, type TSchema, type TSchemaOptions } from 'typebox'

/** The pattern of a duration in Go's notation, as the originals accept it: `15m`, `1h30m`, `200ms`. */
export const durationPattern = '^([0-9]+(ns|us|ms|s|m|h))+$'
/** The URL schemes of templates, mappers and schemas. */
export const sourcePattern = '^(http|https|file|base64)://'

/** An object without additional properties, so that a misspelled key is reported and not ignored. */
export function closedObject<P extends TProperties>(properties: P, options: TSchemaOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** A duration: a string in Go's notation in the file, milliseconds after loading. */
export function duration(fallback?: string) {
  return Type.Unsafe<number>({
    type: 'string',
    pattern: durationPattern,
    unit: 'duration',
    expected: 'a duration such as 15m or 1h30m',
    ...withDefault(fallback),
  })
}

/** A duration other than zero. */
export function positiveDuration(fallback?: string) {
  return Type.Unsafe<number>({
    ...duration(fallback),
    allOf: [{ not: { pattern: '^(0+(ns|us|ms|s|m|h))+$' }, expected: 'a duration over zero' }],
  })
}

/** A duration, or -1 for one that never ends, which stays -1 after loading. */
export function durationOrNever(fallback?: string) {
  return Type.Unsafe<number>({
    type: ['string', 'integer'],
    pattern: durationPattern.replace('^', '^-1$|^'),
    minimum: -1,
    maximum: -1,
    unit: 'duration-or-never',
    expected: 'a duration such as 15m or 1h30m, or -1 for never',
    ...withDefault(fallback),
  })
}

/** A size: `128MB` in the file, bytes after loading (1 KB is 1,024 bytes). */
export function byteSize(fallback?: string) {
  return Type.Unsafe<number>({
    type: 'string',
    pattern: '^[0-9]+(B|KB|MB|GB|TB|PB|EB)$',
    unit: 'bytes',
    expected: 'a size such as 128MB',
    ...withDefault(fallback),
  })
}

/** A boolean that the originals expect as a string: both `"true"` and `true` are accepted. */
export function textFlag() {
  return Type.Unsafe<boolean>({ type: ['string', 'boolean'], unit: 'flag', expected: 'true or false' })
}

export function choice<const V extends readonly string[]>(values: V, fallback?: V[number]) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: values, ...withDefault(fallback) })
}

/** A tagged union, discriminated by the constant `property`, so that errors refer to the selected branch. */
export function taggedUnion<const B extends readonly TSchema[]>(property: string, branches: B) {
  return Type.Unsafe<Static<B[number]>>({
    type: 'object',
    discriminator: { propertyName: property },
    required: [property],
    oneOf: branches,
  })
}

/** A list of large objects, whose validator is compiled only if there is an entry. */
export function entries<S extends TSchema>(entry: S, options: TSchemaOptions = {}) {
  return Type.Unsafe<Static<S>[]>({ type: 'array', entries: entry, default: [], ...options })
}

export function flag(fallback: boolean) {
  return Type.Boolean({ default: fallback })
}

export function integer(fallback: number, options: TSchemaOptions = {}) {
  return Type.Integer({ default: fallback, ...options })
}

export function text(fallback: string, options: TSchemaOptions = {}) {
  return Type.String({ default: fallback, ...options })
}

/** An absolute URL. */
export function uri(options: TSchemaOptions = {}) {
  return Type.String({ format: 'uri', ...options })
}

/** A URL that can be relative to the public base URL. */
export function uriReference(options: TSchemaOptions = {}) {
  return Type.String({ format: 'uri-reference', ...options })
}

export function strings(fallback: string[] = [], options: TSchemaOptions = {}) {
  return Type.Array(Type.String(), { default: fallback, ...options })
}

/** A token of HTTP (RFC 9110, section 5.6.2), such as the name of a header, a method or a cookie. */
const tokenPattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

export function token(expected: string, options: TSchemaOptions = {}) {
  return Type.String({ pattern: tokenPattern, expected, ...options })
}

/** A value that is sent in a header. */
export function headerValue(options: TSchemaOptions = {}) {
  return Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]*$', expected: 'text without line breaks', ...options })
}

/** A map of header names to values. */
export function headerMap(options: TSchemaOptions = { default: {} }) {
  return Type.Unsafe<Record<string, string>>({
    type: 'object',
    patternProperties: { [tokenPattern]: headerValue() },
    additionalProperties: false,
    expected: 'the name of a header',
    ...options,
  })
}

export function headerNames(fallback: string[], options: TSchemaOptions = {}) {
  return Type.Array(token('the name of a header'), { default: fallback, ...options })
}

/** The domain of a cookie; empty for none. */
export function cookieDomain() {
  return Type.String({
    pattern: '^(\\.?[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*)?$',
    expected: 'a domain such as example.org, without a scheme or a port',
  })
}

export function cookiePath(options: TSchemaOptions = {}) {
  return Type.String({ pattern: '^[^;\\u0000-\\u001f\\u007f]*$', expected: 'a path such as /', ...options })
}

/** The path of a file or folder of the server, which only the operator's own configuration may name. */
export function filePath(options: TSchemaOptions = {}) {
  return Type.String({ namesFile: true, ...options })
}

/** An object that is not validated here. */
export function anyObject() {
  return Type.Record(Type.String(), Type.Unknown())
}

function withDefault<V>(fallback: V | undefined): { default?: V } {
  return fallback === undefined ? {} : { default: fallback }
}

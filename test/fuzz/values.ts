import fc, { type Arbitrary } from 'fast-check'

/** The JSON Schema keywords that the generators use. */
export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
}

/** Mostly valid values; some are corrupted in one position. */
export function nearly(schema: Schema): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: valid(schema) },
    { weight: 4, arbitrary: valid(schema).chain(spoilt) },
    { weight: 1, arbitrary: hostile },
  )
}

/** Values that match the schema, except for patterns. */
export function valid(schema: Schema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valid))
  if (schema.allOf)
    return fc.tuple(...schema.allOf.map(valid)).map((parts) => Object.assign({}, ...(parts as object[])))
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema)
    case 'array':
      return fc.array(valid(schema.items ?? {}), { maxLength: 3 })
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: clamp(schema.minimum ?? -5), max: clamp(schema.maximum ?? 1000) })
    case 'number':
      return fc.double({ noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf({ properties, required = [] }: Schema): Arbitrary<unknown> {
  if (!properties) return fc.oneof(traits, fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 })))
  const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, member(name, schema)]))
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) })
}

/** Values for fields whose schema is less strict than their validation. */
function member(name: string, schema: Schema): Arbitrary<unknown> {
  if (name === 'traits') return traits
  if (name === 'schema_id') return fc.constantFrom('person', 'nobody')
  if (name === 'path')
    return fc.constantFrom('/traits/email', '/traits', '/state', '/metadata_admin/x', '/id', '', '/credentials')
  return partOfTuple(name, schema) ?? valid(schema)
}

/** Names of the permission model, so that input passes the first lookup. */
export function partOfTuple(name: string, schema: Schema): Arbitrary<string> | undefined {
  const known = namesOfModel[name.replace('subject_set.', '')]
  return known && schema.type === 'string' ? fc.oneof(fc.constantFrom(...known), text(schema)) : undefined
}

const namesOfModel: Record<string, string[] | undefined> = {
  namespace: ['User', 'Group', 'Folder', 'Document', 'Vault'],
  object: ['d', 'f', 'g'],
  relation: ['members', 'viewers', 'parents', 'view', 'publish', 'remove', 'lock.open', ''],
  subject_id: ['a', 'ü🦄'],
}

const email = fc.oneof(
  fc.integer({ min: 0, max: 1e9 }).map((number) => `f${number}@example.org`),
  fc.string({ unit: 'grapheme' }),
)
const traits = fc.record(
  {
    email,
    name: fc.record({ first: fc.string(), last: fc.string({ unit: 'binary' }) }, { requiredKeys: [] }),
    newsletter: fc.boolean(),
  },
  { requiredKeys: ['email'] },
)

function text({ format, maxLength }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (format === 'uri') return fc.webUrl()
  return fc.oneof(fc.string({ maxLength: maxLength ?? 40 }), fc.string({ unit: 'binary', maxLength: 10 }), nastyText)
}

/** Texts that are known to break parsers, queries or logs. */
export const nastyText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  "' or 1=1 --",
  '%',
  '_%',
  '\\',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '[object Object]',
  'null',
  'true',
  'NaN',
  '-1',
  '9007199254740993',
  '99999999999999999999999',
  '1e400',
  '0x10',
  '00000000-0000-0000-0000-000000000000',
  'page_token',
  '🦄'.repeat(60),
  'x'.repeat(1500),
)

const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    [],
    {},
    [null],
    [[]],
    { '': null },
    { constructor: 1 },
  ),
  fc.constant(JSON.parse('{"__proto__":{"admin":true},"prototype":1}')),
  nastyText,
  fc.jsonValue({ maxDepth: 3 }),
)

/** A copy of a value with one member, at any depth, replaced, removed, added or duplicated. */
function spoilt(value: unknown): Arbitrary<unknown> {
  const places = placesIn(value)
  if (places.length === 0) return hostile
  return fc
    .tuple(fc.constantFrom(...places), hostile, fc.constantFrom('replace', 'replace', 'remove', 'add'))
    .map(([place, other, how]) => changed(value, place, other, how))
}

/** Copies of a value, each with null in a different position. */
export function nulled(value: unknown): unknown[] {
  return [null, ...placesIn(value).map((place) => changed(value, place, null, 'replace'))]
}

function placesIn(value: unknown, at: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...placesIn(inner, [...at, key])])
}

function changed(value: unknown, place: string[], other: unknown, how: string): unknown {
  const copy = structuredClone(value)
  const parent = place.slice(0, -1).reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], copy)
  const [holder, last] = [parent as Record<string, unknown>, place.at(-1) as string]
  if (how === 'remove') delete holder[last]
  else if (how === 'add') holder[`${last}_x`] = other
  else holder[last] = other
  return copy
}

function clamp(bound: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound))
}

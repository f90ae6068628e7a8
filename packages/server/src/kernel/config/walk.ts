import type { TSchema } from 'typebox'

/** The subset of JSON Schema used by configuration schemas. */
export interface Schema {
  type?: string | string[]
  default?: unknown
  unit?: 'duration' | 'duration-or-never' | 'bytes' | 'flag'
  expected?: string
  required?: string[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  /** Like `items`, for entries with a separate validator. */
  entries?: Schema
  oneOf?: Schema[]
  discriminator?: { propertyName: string }
  const?: unknown
  enum?: unknown[]
  /** The value is the path of a file of the server. */
  namesFile?: true
  /** The support of the key; honored if undefined. */
  support?: Support
}

/**
 * The support of a configuration key that is not honored. It is declared in the schema of the key and applies to all
 * keys below it.
 */
export type Support =
  | { readonly state: 'ignored'; readonly reason: string }
  | {
      readonly state: 'unsupported'
      readonly reason?: string | undefined
      /** Values that need no support; by default the default value. */
      readonly except?: readonly unknown[]
      /** Prevents the start, because ignoring the key would change what is protected or sent. */
      readonly refused?: true
      /** Relevant only if `enabled` is true; then it prevents the start unless `--without` contains this name. */
      readonly without?: string
      /** Has an effect only in combination with another key, which is reported instead. */
      readonly reportedAt?: string
    }

/** A TypeBox schema as plain JSON Schema, which it is at run time. */
export function plain(schema: TSchema): Schema {
  return schema as unknown as Schema
}

export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema of the member `key` of an object, in the branch selected by the object's tag. */
export function memberSchema(schema: Schema, value: Tree, key: string): Schema | undefined {
  const branch = branchOf(schema, value)
  return branch?.properties?.[key] ?? Object.values(branch?.patternProperties ?? {})[0]
}

export function itemSchema(schema: Schema): Schema | undefined {
  return schema.items ?? schema.entries
}

/** The branch of a tagged union that the value selects; other schemas are returned unchanged. */
export function branchOf(schema: Schema, value: Tree): Schema | undefined {
  const tag = schema.discriminator?.propertyName
  if (!tag) return schema
  return schema.oneOf?.find((branch) => tagValues(branch, tag).includes(value[tag]))
}

export function tagValues(branch: Schema, tag: string): unknown[] {
  const property = branch.properties?.[tag]
  return property?.enum ?? (property?.const === undefined ? [] : [property.const])
}

import type { TSchema } from 'typebox'

/** The part of JSON Schema that configuration schemas are made of. */
export interface Schema {
  type?: string | string[]
  default?: unknown
  unit?: 'duration' | 'bytes' | 'flag'
  expected?: string
  required?: string[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  /** Like `items`, for entries that are checked by a validator of their own. */
  entries?: Schema
  oneOf?: Schema[]
  discriminator?: { propertyName: string }
  const?: unknown
  enum?: unknown[]
  /** How far the key is obeyed; honored where nothing is declared. */
  support?: Support
}

/**
 * How far a key of a configuration is obeyed, where it is not simply honored. It is declared beside the key in the
 * schema and holds for everything below it.
 */
export type Support =
  | { readonly state: 'ignored'; readonly reason: string }
  | {
      readonly state: 'unsupported'
      readonly reason?: string | undefined
      /** Values that are as if the feature were there; its default unless given. */
      readonly except?: readonly unknown[]
      /** The server does not start with it, because it changes what is protected or sent. */
      readonly refused?: true
      /** Matters only where `enabled` beside it is true; refused then, unless this name is in `--without`. */
      readonly without?: string
      /** Has an effect only together with another key, which is reported itself. */
      readonly reportedAt?: string
    }

/** A schema as plain JSON Schema: TypeBox schemas are that at run time, though their types do not say so. */
export function plain(schema: TSchema): Schema {
  return schema as unknown as Schema
}

export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema of the member `key` of an object, whatever branch the object's tag picks. */
export function memberSchema(schema: Schema, value: Tree, key: string): Schema | undefined {
  const branch = branchOf(schema, value)
  return branch?.properties?.[key] ?? Object.values(branch?.patternProperties ?? {})[0]
}

export function itemSchema(schema: Schema): Schema | undefined {
  return schema.items ?? schema.entries
}

/** Of a tagged union the branch that the value names; of anything else the schema itself. */
export function branchOf(schema: Schema, value: Tree): Schema | undefined {
  const tag = schema.discriminator?.propertyName
  if (!tag) return schema
  return schema.oneOf?.find((branch) => tagValues(branch, tag).includes(value[tag]))
}

export function tagValues(branch: Schema, tag: string): unknown[] {
  const property = branch.properties?.[tag]
  return property?.enum ?? (property?.const === undefined ? [] : [property.const])
}

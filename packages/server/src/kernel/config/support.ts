import type { TSchema } from 'typebox'
import type { Path } from './document.ts'
import {
  branchOf,
  isTree,
  itemSchema,
  memberSchema,
  plain,
  type Schema,
  type Support,
  type Tree,
  tagValues,
} from './walk.ts'

/** A key without effect, and why ignoring it is harmless. */
export function ignoredKey<S extends TSchema>(schema: S, reason: string): S {
  return withSupport(schema, { state: 'ignored', reason })
}

/** A key of an unsupported feature: reported at every start if it is used. */
export function notSupported<S extends TSchema>(schema: S, reason?: string, except?: readonly unknown[]): S {
  return withSupport(schema, { state: 'unsupported', reason, ...(except && { except }) })
}

/** An unsupported feature whose absence would make the server less secure or send something other than configured. */
export function refusedKey<S extends TSchema>(schema: S, reason: string): S {
  return withSupport(schema, { state: 'unsupported', refused: true, reason })
}

/** An unsupported feature with an `enabled` flag: if enabled, the server starts only with `--without NAME`. */
export function refusedWhenEnabled<S extends TSchema>(schema: S, name: string): S {
  return withSupport(schema, { state: 'unsupported', without: name })
}

/** A key that has an effect only in combination with another, unsupported key. */
export function notSupportedWith<S extends TSchema>(schema: S, key: string): S {
  return withSupport(schema, { state: 'unsupported', reportedAt: key })
}

/** Whether a schema as a whole is not declared unsupported. */
export function isSupported(schema: TSchema): boolean {
  return plain(schema).support?.state !== 'unsupported'
}

/** A copy, because schemas are shared. Property descriptors are copied because TypeBox uses non-enumerable properties. */
function withSupport<S extends TSchema>(schema: S, support: Support): S {
  const copy = Object.create(Object.getPrototypeOf(schema), Object.getOwnPropertyDescriptors(schema))
  return Object.assign(copy, { support })
}

/** An unsupported key in use. */
export interface UnsupportedKey {
  readonly path: Path
  readonly reason?: string | undefined
  readonly refused: boolean
  /** The name for `--without`. */
  readonly without?: string
}

/** The keys of a value that are not supported. Values equal to the default are omitted. */
export function unsupportedKeys(schema: Schema, value: unknown, path: Path = []): UnsupportedKey[] {
  const { support } = schema
  if (value === undefined || support?.state === 'ignored') return []
  if (support) return unsupportedKeysOf(support, schema, value, path)
  const entry = itemSchema(schema)
  if (Array.isArray(value)) {
    return entry ? value.flatMap((item, index) => unsupportedKeys(entry, item, [...path, index])) : []
  }
  if (!isTree(value)) return []
  const branch = branchSupport(schema, value)
  if (branch) return unsupportedKeysOf(branch, schema, value, path)
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = memberSchema(schema, value, key)
    return inner ? unsupportedKeys(inner, member, [...path, key]) : []
  })
}

type Unsupported = Extract<Support, { state: 'unsupported' }>

function unsupportedKeysOf(support: Unsupported, schema: Schema, value: unknown, path: Path): UnsupportedKey[] {
  const { reason, without, reportedAt, except } = support
  if (reportedAt !== undefined || (except ? except.includes(value) : equalsDefault(schema, value))) return []
  if (without === undefined) return [{ path, reason, refused: support.refused === true }]
  if (!isTree(value) || value.enabled !== true) return []
  return [{ path: [...path, 'enabled'], reason, refused: true, without }]
}

function equalsDefault(schema: Schema, value: unknown): boolean {
  if (value === null || value === '') return true
  if (schema.default !== undefined && JSON.stringify(schema.default) === JSON.stringify(value)) return true
  if (typeof value !== 'object') return value === false && schema.default === undefined
  return Object.keys(value).length === 0
}

/** The declared support of the selected branch of a tagged union. */
function branchSupport(schema: Schema, value: Tree): Unsupported | undefined {
  const branch = branchOf(schema, value)
  return branch !== schema && branch?.support?.state === 'unsupported' ? branch.support : undefined
}

/** A key without members, as listed in the reference tables. */
export interface Leaf {
  /** List entries are written `#`, map entries `*`, and branches of a tagged union `[tag=value]`. */
  readonly path: readonly string[]
  readonly schema: Schema
  /** Undefined if the key is honored. */
  readonly support: Support | undefined
}

/** Every leaf of a schema, with the support declared by its nearest ancestor. */
export function leavesOf(schema: TSchema): Leaf[] {
  return walk(plain(schema), [], undefined)
}

function walk(schema: Schema, path: readonly string[], above: Support | undefined): Leaf[] {
  const support = schema.support ?? above
  const members = [
    ...Object.entries(schema.properties ?? {}).map(([key, inner]) => ({ key, inner })),
    ...Object.values(schema.patternProperties ?? {})
      .filter(hasMembers)
      .map((inner) => ({ key: '*', inner })),
    ...(schema.oneOf ?? []).map((inner) => ({ key: branchName(schema, inner), inner })),
  ].filter(({ inner }) => inner.const === undefined || inner.default !== undefined)
  const entry = itemSchema(schema)
  if (entry && hasMembers(entry)) members.push({ key: '#', inner: entry })
  if (members.length === 0) return [{ path, schema, support }]
  return members.flatMap(({ key, inner }) => walk(inner, [...path, key], support))
}

function hasMembers(schema: Schema): boolean {
  return schema.properties !== undefined || schema.oneOf !== undefined
}

function branchName(union: Schema, branch: Schema): string {
  const tag = union.discriminator?.propertyName ?? ''
  return `[${tag}=${tagValues(branch, tag).join('|')}]`
}

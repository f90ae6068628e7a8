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

/** A key that changes nothing here, and why that does no harm. */
export function ignored<S extends TSchema>(schema: S, reason: string): S {
  return annotated(schema, { state: 'ignored', reason })
}

/** A key whose feature is missing: reported at every start where it is used. */
export function notSupported<S extends TSchema>(schema: S, reason?: string, except?: readonly unknown[]): S {
  return annotated(schema, { state: 'unsupported', reason, ...(except && { except }) })
}

/** A missing feature without which the server would protect less, or send something else, than was configured. */
export function refused<S extends TSchema>(schema: S, reason: string): S {
  return annotated(schema, { state: 'unsupported', refused: true, reason })
}

/** A missing feature that `enabled` switches on: refused then, unless `--without NAME` acknowledges that it is missing. */
export function refusedWhenEnabled<S extends TSchema>(schema: S, name: string): S {
  return annotated(schema, { state: 'unsupported', without: name })
}

/** A key that has an effect only together with another one that is not supported. */
export function notSupportedWith<S extends TSchema>(schema: S, key: string): S {
  return annotated(schema, { state: 'unsupported', reportedAt: key })
}

/** Whether nothing is declared to be missing of a schema as a whole. */
export function isSupported(schema: TSchema): boolean {
  return plain(schema).support?.state !== 'unsupported'
}

/** A copy, since parts of schemas are used in several places. Descriptors are copied because TypeBox hides some of its own. */
function annotated<S extends TSchema>(schema: S, support: Support): S {
  const copy = Object.create(Object.getPrototypeOf(schema), Object.getOwnPropertyDescriptors(schema))
  return Object.assign(copy, { support })
}

/** A key that is used and not supported. */
export interface UnsupportedKey {
  readonly path: Path
  readonly reason?: string | undefined
  readonly refused: boolean
  /** The name by which `--without` acknowledges it. */
  readonly without?: string
}

/** The keys of a value that are not supported. What equals its default asks for nothing and is left out. */
export function unsupportedKeys(schema: Schema, value: unknown, path: Path = []): UnsupportedKey[] {
  const { support } = schema
  if (value === undefined || support?.state === 'ignored') return []
  if (support) return ofUnsupported(support, schema, value, path)
  const entry = itemSchema(schema)
  if (Array.isArray(value)) {
    return entry ? value.flatMap((item, index) => unsupportedKeys(entry, item, [...path, index])) : []
  }
  if (!isTree(value)) return []
  const branch = branchSupport(schema, value)
  if (branch) return ofUnsupported(branch, schema, value, path)
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = memberSchema(schema, value, key)
    return inner ? unsupportedKeys(inner, member, [...path, key]) : []
  })
}

type Unsupported = Extract<Support, { state: 'unsupported' }>

function ofUnsupported(support: Unsupported, schema: Schema, value: unknown, path: Path): UnsupportedKey[] {
  const { reason, without, reportedAt, except } = support
  if (reportedAt !== undefined || (except ? except.includes(value) : asksForNothing(schema, value))) return []
  if (without === undefined) return [{ path, reason, refused: support.refused === true }]
  if (!isTree(value) || value.enabled !== true) return []
  return [{ path: [...path, 'enabled'], reason, refused: true, without }]
}

function asksForNothing(schema: Schema, value: unknown): boolean {
  if (value === null || value === '') return true
  if (schema.default !== undefined && JSON.stringify(schema.default) === JSON.stringify(value)) return true
  if (typeof value !== 'object') return value === false && schema.default === undefined
  return Object.keys(value).length === 0
}

/** Where a tagged union is meant: what is declared of the branch that the value names. */
function branchSupport(schema: Schema, value: Tree): Unsupported | undefined {
  const branch = branchOf(schema, value)
  return branch !== schema && branch?.support?.state === 'unsupported' ? branch.support : undefined
}

/** A key of a schema without members of its own, as tables show it. */
export interface Leaf {
  /** Members of lists are written `#`, of maps `*`, and of a tagged union `[tag=value]`. */
  readonly path: readonly string[]
  readonly schema: Schema
  /** None: the key is honored. */
  readonly support: Support | undefined
}

/** Every leaf of a schema, each with what is declared nearest above it. */
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

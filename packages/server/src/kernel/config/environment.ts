import { isFalse, isTrue } from '../go-boolean.ts'
import type { Path } from './document.ts'
import { isTree, itemSchema, type Schema, type Tree } from './walk.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A value that an environment variable sets in the configuration. */
export interface Override {
  variable: string
  path: Path
}

const maxIndex = 1000

/**
 * Applies environment variables to a configuration, as the originals do. The name is the path of the key in upper case,
 * joined by underscores (`SELFSERVICE_METHODS_PASSWORD_ENABLED=false`), with indexes for list entries
 * (`IDENTITY_SCHEMAS_0_URL`). Lists and objects are JSON; lists of strings can also be comma-separated.
 */
export function applyEnvironment(
  schema: Schema,
  value: unknown,
  env: Environment,
): { value: unknown; overrides: Override[] } {
  const targets = targetsOf(schema)
  const overrides: Override[] = []
  let result = value
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || !/^[A-Z][A-Z0-9_]*$/.test(variable)) continue
    const hit = find(targets, variable.toLowerCase().replaceAll('_', '.'))
    if (!hit) continue
    result = put(result, hit.path, parse(hit.schema, text))
    overrides.push({ variable, path: hit.path })
  }
  return { value: result, overrides }
}

interface Target {
  path: string[]
  pattern: RegExp
  schema: Schema
}

const known = new WeakMap<Schema, Map<string, Target[]>>()

/** Targets by the first word of their name, so that a large environment is processed quickly. */
function targetsOf(schema: Schema): Map<string, Target[]> {
  const existing = known.get(schema)
  if (existing) return existing
  const byFirstWord = new Map<string, Target[]>()
  for (const { path, schema: inner } of listPaths(schema, [])) {
    const words = path.map((part) => (part === '#' ? '(\\d+)' : part.replace(/[_-]/g, '.').replaceAll('.', '\\.')))
    const first = /^[a-z0-9]+/.exec(path[0] ?? '')?.[0] ?? ''
    const list = byFirstWord.get(first) ?? []
    byFirstWord.set(first, [...list, { path, schema: inner, pattern: new RegExp(`^${words.join('\\.')}$`) }])
  }
  known.set(schema, byFirstWord)
  return byFirstWord
}

function listPaths(schema: Schema, path: string[]): { path: string[]; schema: Schema }[] {
  const here = path.length > 0 && path.at(-1) !== '#' ? [{ path, schema }] : []
  const entry = itemSchema(schema)
  const members = [schema, ...(schema.oneOf ?? [])].flatMap((branch) => Object.entries(branch.properties ?? {}))
  return [
    ...here,
    ...members.flatMap(([key, inner]) => listPaths(inner, [...path, key])),
    ...(entry ? listPaths(entry, [...path, '#']) : []),
  ]
}

function find(targets: Map<string, Target[]>, name: string): { path: Path; schema: Schema } | undefined {
  for (const target of targets.get(name.split('.')[0] ?? '') ?? []) {
    const match = target.pattern.exec(name)
    if (!match) continue
    const indices = match.slice(1).map(Number)
    if (indices.some((index) => index > maxIndex)) continue
    return { path: target.path.map((part) => (part === '#' ? (indices.shift() ?? 0) : part)), schema: target.schema }
  }
  return undefined
}

/** Parses a value by the type of the schema. An invalid value stays a string, so that validation reports it. */
function parse(schema: Schema, text: string): unknown {
  if (schema.type === 'boolean') return isTrue(text) ? true : isFalse(text) ? false : text
  if (schema.type === 'integer' || schema.type === 'number') {
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  }
  if (schema.type === 'array') return parseJson(text) ?? (text === '' ? [] : text.split(',').map((part) => part.trim()))
  if (schema.type === 'object' || Array.isArray(schema.type)) return parseJson(text) ?? text
  return text
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** A copy of a value with the member at `path` replaced. */
export function put(target: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (typeof key === 'number') {
    const list = Array.isArray(target) ? [...target] : []
    list[key] = put(list[key], rest, value)
    return list
  }
  const tree: Tree = isTree(target) ? { ...target } : {}
  tree[key] = put(tree[key], rest, value)
  return tree
}

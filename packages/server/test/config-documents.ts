import fc from 'fast-check'
import { isTree, type Schema } from '../src/kernel/config/walk.ts'

export type DocumentPath = (string | number)[]

/** Every key that a configuration schema describes, with the schema of its value. */
export function listPaths(schema: Schema, path: DocumentPath = []): { path: DocumentPath; inner: Schema }[] {
  const here = path.length > 0 ? [{ path, inner: schema }] : []
  const members = Object.entries(schema.properties ?? {})
  return [...here, ...members.flatMap(([key, inner]) => listPaths(inner, [...path, key]))]
}

/** Values that are right at some keys and wrong at most. */
export const anything = fc.constantFrom<unknown>(
  '',
  'x',
  '5m',
  '1h30m',
  '64MB',
  -1,
  0,
  3,
  70_000,
  1.5,
  true,
  [],
  ['x'],
  {},
  { nope: 1 },
)

/** The same document with another value at one place. */
export function put(target: unknown, path: DocumentPath, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const tree = isTree(target) ? target : {}
  return { ...tree, [key]: put(tree[key], rest, value) }
}

import fc from 'fast-check'
import { isTree, itemSchema, type Schema } from '../src/kernel/config/walk.ts'

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

/** The paths of all keys that a published schema describes; entries of lists are `#`. */
export function publishedPaths(root: Schema): string[][] {
  return [...new Map(walk(root, root, [], []).map((path) => [path.join('.'), path])).values()]
}

type Published = Schema & { $ref?: string; anyOf?: Schema[]; allOf?: Schema[] }

function walk(node: Published, root: Schema, path: string[], seen: string[]): string[][] {
  const { $ref: ref } = node
  if (ref !== undefined) {
    if (!ref.startsWith('#/') || seen.includes(ref)) return [path]
    const target = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), root)
    return walk(target as Published, root, path, [...seen, ref])
  }
  const members = Object.entries(node.properties ?? {}).filter(([, inner]) => isTree(inner))
  const branches = [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])]
  return [
    ...(path.length > 0 ? [path] : []),
    ...members.flatMap(([key, inner]) => walk(inner, root, [...path, key], seen)),
    ...branches.flatMap((branch) => walk(branch, root, path, seen)),
    ...(isTree(node.items) ? walk(node.items as Published, root, [...path, '#'], seen) : []),
  ]
}

/** Whether a schema describes the key at a path; what is below a key of any contents is known. */
export function isKnown(schema: Schema, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  const branches = [schema, ...(schema.oneOf ?? []), ...((schema as Published).anyOf ?? [])]
  const inner = branches.flatMap((branch) => {
    if (key === '#') return itemSchema(branch) ?? []
    return branch.properties?.[key] ?? Object.values(branch.patternProperties ?? {})
  })
  if (inner.length > 0) return inner.some((one) => isKnown(one, rest))
  return branches.some((branch) => branch.type === undefined || isOpenMap(branch))
}

function isOpenMap({ type, patternProperties }: Schema): boolean {
  return type === 'object' && patternProperties !== undefined
}

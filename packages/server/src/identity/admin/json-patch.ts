/** A JSON Patch (RFC 6902) that cannot be applied. */
export class PatchError extends Error {}

export interface PatchOperation {
  op: 'add' | 'remove' | 'replace'
  path: string
  value?: unknown
}

const mostOperations = 1000
/** Includes objects created on the way to an added value. */
const deepest = 100

/**
 * Parses a patch. As in Kratos, only add, remove and replace are supported, and `denied` paths are rejected case-
 * insensitively; a denied path ending in `/**` includes everything below it. A patch that is null changes nothing.
 * @throws PatchError
 */
export function readPatch(patch: unknown, denied: readonly string[]): PatchOperation[] {
  if (patch === null) return []
  if (!Array.isArray(patch)) throw new PatchError('a patch is a list of operations')
  if (patch.length > mostOperations) throw new PatchError(`a patch may have at most ${mostOperations} operations`)
  return patch.map((given: unknown) => {
    const { op, path, value } = (given ?? {}) as Record<string, unknown>
    if (op !== 'add' && op !== 'remove' && op !== 'replace')
      throw new PatchError('the operations are add, remove and replace')
    if (typeof path !== 'string' || !path.startsWith('/')) throw new PatchError('a path begins with a slash')
    if (isDenied(path.toLowerCase(), denied)) throw new PatchError(`the path ${path.slice(0, 200)} cannot be changed`)
    return { op, path, value: value ?? null }
  })
}

function isDenied(path: string, denied: readonly string[]): boolean {
  return denied.some((one) => (one.endsWith('/**') ? path.startsWith(one.slice(0, -2)) : path === one))
}

/**
 * Applies a patch to a copy of a document. Like Kratos, it is more lenient than the RFC: replacing a missing value adds
 * it, and missing parents are created: a list where the path goes on with a position in one, otherwise an object.
 * @throws PatchError
 */
export function applyPatch(document: object, operations: readonly PatchOperation[]): Record<string, unknown> {
  const copy = structuredClone(document) as Record<string, unknown>
  for (const operation of operations) applyOne(copy, operation)
  return copy
}

function applyOne(document: Record<string, unknown>, { op, path, value }: PatchOperation): void {
  const keys = path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keys.length > deepest || keys.includes('__proto__')) throw new PatchError('a path that leads too deep')
  const last = keys.pop() ?? ''
  const target = walk(document, keys, op === 'remove' ? undefined : last)
  if (Array.isArray(target)) changeList(target, last, { op, path, value })
  else if (op === 'remove') {
    if (!Object.hasOwn(target, last)) throw new PatchError(`there is nothing at ${path.slice(0, 200)}`)
    delete target[last]
  } else target[last] = structuredClone(value)
}

type Container = Record<string, unknown> | unknown[]

/** The parent that a path leads to. What is missing on the way is created where the key that is to be added is given. */
function walk(document: Record<string, unknown>, keys: readonly string[], added: string | undefined): Container {
  const created = added !== undefined
  let at: Container = document
  for (const [i, key] of keys.entries()) {
    let next = childAt(at, key, created)
    if (next === undefined || next === null) {
      if (!created) throw new PatchError(`there is nothing at ${key.slice(0, 200)}`)
      next = isPosition(keys[i + 1] ?? added) ? [] : {}
      if (Array.isArray(at)) at[key === '-' ? at.length : Number(key)] = next
      else at[key] = next
    }
    if (typeof next !== 'object') throw new PatchError(`${key.slice(0, 200)} is neither an object nor a list`)
    at = next as Container
  }
  return at
}

/** What a container has at a key; with `created` also the place after the end of a list, where nothing is yet. */
function childAt(container: Container, key: string, created: boolean): unknown {
  if (Array.isArray(container)) {
    if (created && key === '-') return undefined
    return container[position(key, container.length - (created ? 0 : 1))]
  }
  return Object.hasOwn(container, key) ? container[key] : undefined
}

function changeList(list: unknown[], key: string, { op, value }: PatchOperation): void {
  if (op === 'add') list.splice(key === '-' ? list.length : position(key, list.length), 0, structuredClone(value))
  else if (op === 'replace') list[position(key, list.length - 1)] = structuredClone(value)
  else list.splice(position(key, list.length - 1), 1)
}

function position(key: string, last: number): number {
  const index = key !== '-' && isPosition(key) ? Number(key) : -1
  if (index < 0 || index > last) throw new PatchError(`there is no place ${key.slice(0, 20)} in the list`)
  return index
}

function isPosition(key: string): boolean {
  return /^(-|0|[1-9]\d{0,8})$/.test(key)
}

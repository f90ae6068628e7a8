/** A JSON Patch (RFC 6902) that cannot be applied. */
export class PatchError extends Error {}

export interface PatchOperation {
  op: 'add' | 'remove' | 'replace'
  path: string
  value?: unknown
}

const maxOperations = 1000
/** The maximum depth of a path, including the parents created for an added value. */
const maxDepth = 100

/**
 * Parses a patch. As in Kratos, only add, remove, and replace are supported, and `denied` paths are rejected
 * case-insensitively. A denied path ending in `/**` includes all paths below it. A null patch changes nothing.
 * @throws PatchError
 */
export function readPatch(patch: unknown, denied: readonly string[]): PatchOperation[] {
  if (patch === null) return []
  if (!Array.isArray(patch)) throw new PatchError('a patch is a list of operations')
  if (patch.length > maxOperations) throw new PatchError(`a patch may have at most ${maxOperations} operations`)
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
 * Applies a patch to a copy of a document. As in Kratos, it is more lenient than the RFC: replacing a missing value
 * adds it, and missing parents are created: a list if the next path segment is a list index, otherwise an object.
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
  if (keys.length > maxDepth || keys.includes('__proto__')) throw new PatchError('a path that leads too deep')
  const last = keys.pop() ?? ''
  const target = walk(document, keys, op === 'remove' ? undefined : last)
  if (Array.isArray(target)) changeList(target, last, { op, path, value })
  else if (op === 'remove') {
    if (!Object.hasOwn(target, last)) throw new PatchError(`there is nothing at ${path.slice(0, 200)}`)
    delete target[last]
  } else target[last] = structuredClone(value)
}

type Container = Record<string, unknown> | unknown[]

/** Returns the parent that `keys` refer to. Missing parents are created if `added`, the key to be added, is given. */
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

/** Returns the child at a key. With `created`, the index after the last list item is also valid. */
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

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
 * it, and missing parent objects are created.
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
  const target = walk(document, keys, op !== 'remove')
  if (Array.isArray(target)) changeList(target, last, { op, path, value })
  else if (op === 'remove') {
    if (!Object.hasOwn(target, last)) throw new PatchError(`there is nothing at ${path.slice(0, 200)}`)
    delete target[last]
  } else target[last] = structuredClone(value)
}

function walk(
  document: Record<string, unknown>,
  keys: readonly string[],
  make: boolean,
): Record<string, unknown> | unknown[] {
  let at: Record<string, unknown> | unknown[] = document
  for (const key of keys) {
    let next: unknown = Array.isArray(at)
      ? at[position(key, at.length - 1)]
      : Object.hasOwn(at, key)
        ? at[key]
        : undefined
    if (next === undefined || next === null) {
      if (!make || Array.isArray(at)) throw new PatchError(`there is nothing at ${key.slice(0, 200)}`)
      next = {}
      at[key] = next
    }
    if (typeof next !== 'object') throw new PatchError(`${key.slice(0, 200)} is neither an object nor a list`)
    at = next as Record<string, unknown> | unknown[]
  }
  return at
}

function changeList(list: unknown[], key: string, { op, value }: PatchOperation): void {
  if (op === 'add') list.splice(key === '-' ? list.length : position(key, list.length), 0, structuredClone(value))
  else if (op === 'replace') list[position(key, list.length - 1)] = structuredClone(value)
  else list.splice(position(key, list.length - 1), 1)
}

function position(key: string, last: number): number {
  const index = /^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1
  if (index < 0 || index > last) throw new PatchError(`there is no place ${key.slice(0, 20)} in the list`)
  return index
}

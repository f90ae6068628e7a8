import { inPlaceKeys, isNode, type SchemaNode } from './dialect.ts'
import { resolveReference } from './fields.ts'

/** The bounds of the newer line of Kratos, so that a schema that is accepted here is accepted there. */
const maxDepth = 32
const maxKeys = 1024
const maxItems = 128
const maxNodes = 8192

/** The first reason why a schema document costs too much to compile or to apply; undefined if there is none. */
export function boundsMistake(document: SchemaNode): string | undefined {
  return sizeMistake(document) ?? referenceMistake(document)
}

function sizeMistake(document: object): string | undefined {
  const stack: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }]
  for (let nodes = 0; ; ) {
    const next = stack.pop()
    if (!next) return undefined
    const { value, depth } = next
    if (depth > maxDepth) return `more than ${maxDepth} levels`
    if (typeof value !== 'object' || value === null) continue
    if (++nodes > maxNodes) return `more than ${maxNodes} objects and lists`
    const members: unknown[] = Object.values(value)
    if (Array.isArray(value) && members.length > maxItems) return `a list of more than ${maxItems} items`
    if (members.length > maxKeys) return `an object with more than ${maxKeys} keys`
    for (const member of members) stack.push({ value: member, depth: depth + 1 })
  }
}

/** References that cannot be followed to an end, because no step of the cycle goes into the value. */
function referenceMistake(document: SchemaNode): string | undefined {
  const done = new Set<unknown>()
  const open = new Set<unknown>()
  const stack: { value: unknown; leaves: boolean }[] = nodesOf(document).map((value) => ({ value, leaves: false }))
  for (;;) {
    const next = stack.pop()
    if (!next) return undefined
    const { value, leaves } = next
    if (leaves) {
      open.delete(value)
      done.add(value)
      continue
    }
    if (open.has(value)) return 'a $ref that leads back to itself'
    if (done.has(value) || !isNode(value)) continue
    const target = typeof value.$ref === 'string' ? resolveReference(document, value.$ref) : undefined
    if (target === document || value.$ref === '#/') return 'a $ref to the schema as a whole'
    open.add(value)
    stack.push({ value, leaves: true })
    for (const step of [target, ...(target ? [] : inPlace(value))]) stack.push({ value: step, leaves: false })
  }
}

/** All objects of a document. */
function nodesOf(document: object): object[] {
  const found: object[] = []
  const stack: unknown[] = [document]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isNode(value)) found.push(value)
    stack.push(...Object.values(value))
  }
  return found
}

/** The subschemas that apply to the same value. */
function inPlace(schema: Record<string, unknown>): unknown[] {
  return inPlaceKeys.flatMap((key) => schema[key] ?? [])
}

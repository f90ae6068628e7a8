import { branchOf, isTree, itemSchema, memberSchema, type Schema, type Tree } from './walk.ts'

/**
 * Fills in the defaults of a configuration before it is validated, as the originals do. Afterwards every key with a
 * default in the schema is present; optional objects that are absent stay absent.
 */
export function withDefaults(schema: Schema, value: unknown): unknown {
  if (value === undefined || isEmptySection(schema, value)) return defaultOf(schema)
  const entry = itemSchema(schema)
  if (Array.isArray(value)) return entry ? value.map((item) => withDefaults(entry, item)) : value
  if (!isTree(value)) return value
  const filled: Tree = {}
  for (const [key, member] of Object.entries(value)) {
    const inner = memberSchema(schema, value, key)
    filled[key] = inner && member !== undefined ? withDefaults(inner, member) : member
  }
  const branch = branchOf(schema, value)
  for (const key of branch?.required ?? []) {
    const inner = branch?.properties?.[key]
    if (inner && filled[key] === undefined) assign(filled, key, defaultOf(inner))
  }
  return filled
}

/** Whether the value is a key of YAML with nothing below. */
function isEmptySection({ type, discriminator }: Schema, value: unknown): boolean {
  return value === null && type === 'object' && discriminator === undefined
}

function defaultOf(schema: Schema): unknown {
  if (schema.default !== undefined) {
    return isTree(schema.default) ? withDefaults(schema, schema.default) : structuredClone(schema.default)
  }
  const filled: Tree = {}
  for (const key of schema.required ?? []) assign(filled, key, defaultOf(schema.properties?.[key] ?? {}))
  return Object.keys(filled).length > 0 ? filled : undefined
}

function assign(target: Tree, key: string, value: unknown) {
  if (value !== undefined) target[key] = value
}

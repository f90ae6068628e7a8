import type { Path } from './document.ts'
import type { Finding } from './validate.ts'
import { isTree, itemSchema, memberSchema, type Schema } from './walk.ts'

/** The keys of a value that name a file of the server, each as a finding, for a configuration that may name none. */
export function filePathFindings(schema: Schema, value: unknown, path: Path = []): Finding[] {
  if (schema.namesFile) {
    const found = JSON.stringify(value)
    return value ? [{ path, expected: 'no value, as only files of the server may name files', found }] : []
  }
  const entry = itemSchema(schema)
  if (Array.isArray(value)) {
    return entry ? value.flatMap((item, index) => filePathFindings(entry, item, [...path, index])) : []
  }
  if (!isTree(value)) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = memberSchema(schema, value, key)
    return inner ? filePathFindings(inner, member, [...path, key]) : []
  })
}

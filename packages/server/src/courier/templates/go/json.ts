import { TemplateError } from './ast.ts'
import { isMap, mapOf, type Value } from './values.ts'

const maxDepth = 200

/** Copies data of messages into values of templates: maps without prototypes, which templates may change. */
export function valueOfJson(value: unknown, depth = 0): Value {
  if (depth > maxDepth) throw new TemplateError('data is nested too deeply')
  if (Array.isArray(value)) return value.map((item) => valueOfJson(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return mapOf(Object.entries(value).map(([key, item]) => [key, valueOfJson(item, depth + 1)] as const))
}

const inHtml: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON as Go writes it: sorted keys, and by default `<`, `>` and `&` escaped for script elements. */
export function jsonText(value: Value, { escapesHtml = false, indent = 0 } = {}): string {
  const text = JSON.stringify(withSortedKeys(value, 0), undefined, indent) ?? 'null'
  return escapesHtml ? text.replace(/[<>&\u2028\u2029]/g, (letter) => inHtml[letter] as string) : text
}

function withSortedKeys(value: Value, depth: number): unknown {
  if (depth > maxDepth) throw new TemplateError('data is nested too deeply')
  if (typeof value === 'bigint') return rawNumber(value)
  if (Array.isArray(value)) return value.map((item) => withSortedKeys(item, depth + 1))
  if (!isMap(value)) return value
  const keys = Object.keys(value).sort()
  return mapOf(keys.map((key) => [key, withSortedKeys(value[key], depth + 1)] as const))
}

/** Integers beyond 2^53 lose digits, as they do in the JSON of most readers. */
const rawNumber = (value: bigint) => Number(value)

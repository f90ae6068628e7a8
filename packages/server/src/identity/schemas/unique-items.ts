import type { KeywordDefinition } from 'ajv'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'

/** `uniqueItems` in linear time; Ajv compares each item with all others. Its errors name the last pair, as Ajv's do. */
export const uniqueItems: KeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: 'full',
  compile(isUnique: boolean) {
    const check: DataValidateFunction = (items: unknown[], context) => {
      const pair = isUnique ? findRepetition(items) : undefined
      const instancePath = context?.instancePath ?? ''
      check.errors = pair && [{ instancePath, keyword: 'uniqueItems', params: pair, message: 'has a repeated item' }]
      return pair === undefined
    }
    return check
  },
}

function findRepetition(items: readonly unknown[]): { i: number; j: number } | undefined {
  const indexes = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(withSortedKeys(item))
    const before = indexes.get(text)
    if (before !== undefined) return { i: index, j: before }
    indexes.set(text, index)
  }
  return undefined
}

/** A copy whose members have one order, since that does not count when objects are compared. */
function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withSortedKeys)
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(members.map(([key, member]) => [key, withSortedKeys(member)]))
}

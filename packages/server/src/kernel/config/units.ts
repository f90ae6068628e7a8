import { isTrue } from '../go-boolean.ts'
import { isTree, itemSchema, memberSchema, type Schema } from './walk.ts'

/** Converts durations to milliseconds, sizes to bytes and string booleans to booleans, in a validated value. */
export function convertUnits(schema: Schema, value: unknown): unknown {
  if (schema.unit && typeof value === 'string') return units[schema.unit](value)
  const entry = itemSchema(schema)
  if (Array.isArray(value)) return entry ? value.map((item) => convertUnits(entry, item)) : value
  if (!isTree(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const inner = memberSchema(schema, value, key)
      return [key, inner ? convertUnits(inner, member) : member]
    }),
  )
}

const units = {
  duration: parseDurationMs,
  'duration-or-never': (text: string) => (text === '-1' ? -1 : parseDurationMs(text)),
  bytes: parseBytes,
  flag: isTrue,
}

const millisecondsPer: Record<string, number> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Parses a duration in Go's notation to milliseconds; NaN if it is invalid. */
export function parseDurationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ns|us|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (millisecondsPer[unit ?? ''] ?? Number.NaN), 0)
}

const sizes = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']

function parseBytes(text: string): number {
  const [, count, unit] = /^(\d+)([A-Z]+)$/.exec(text) ?? []
  return Number(count) * 1024 ** sizes.indexOf(unit ?? '')
}

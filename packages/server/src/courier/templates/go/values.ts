import { GoDuration, GoTime } from './time.ts'

/**
 * Values as templates see them: JSON values, `bigint` for Go's integers, times and durations, and `undefined` for what
 * is not there. Numbers of JSON are `number`, Go's float64.
 */
export type Value = unknown
export type GoMap = Readonly<Record<string, Value>>

export function isMap(value: Value): value is GoMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTime(value)
}

function isTime(value: object): value is GoTime | GoDuration {
  return value instanceof GoTime || value instanceof GoDuration
}

/** An own member of a map; anything else has no members. */
export function member(value: Value, name: string): Value {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A map that has no member but the given ones. */
export function mapOf(entries: Iterable<readonly [string, Value]>): GoMap {
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** Whether a condition holds: false, zero, nothing, and what is empty, does not. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0 || value === 0n)
    return false
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? Object.keys(value).length > 0 : true
}

/** Formats a value as Go's `%v`. */
export function printValue(value: Value): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'number') return printedFloat(value)
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`
  if (!isMap(value)) return String(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${key}:${printValue(value[key])}`)
  return `map[${members.join(' ')}]`
}

/** Formats an action's result; text templates show what is not there as `<no value>`. */
export function printedResult(value: Value): string {
  return value === undefined || value === null ? '<no value>' : printValue(value)
}

/** The shortest form of a float64, with an exponent from a million on (`strconv.FormatFloat` with `g` and -1). */
function printedFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (value === 0 || (power >= -4 && power < 6)) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** The text of a value as an argument of functions for texts; nothing is empty. */
export function textOf(value: Value): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : printValue(value)
}

/** A list; anything else is none. */
export function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : []
}

/** An integer of 64 bits, as sprig converts values: texts that are numbers count, everything else is zero. */
export function integerOf(value: Value): bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof GoDuration) return BigInt(Math.trunc(value.ms)) * 1_000_000n
  if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value.trim())) return BigInt.asIntN(64, BigInt(value.trim()))
  const number = floatOf(value)
  return Number.isFinite(number) ? BigInt.asIntN(64, BigInt(Math.trunc(number))) : 0n
}

export function floatOf(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'string' ? Number(value.trim() || Number.NaN) : Number.NaN
  return Number.isNaN(number) ? 0 : number
}

/** How many characters count as much as one item of a list or member of a map. */
const charactersPerItem = 100

/** The size of a value, by which work on it is metered: its characters, and its items. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  const items = Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []
  return items.reduce((sum: number, item) => sum + charactersPerItem + sizeOf(item), 1)
}

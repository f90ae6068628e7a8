import { compareTexts } from './text-order.ts'
import { type Field, isPlainNumber, JsonnetFunction, JsonnetObject, NotCovered, type Value } from './values.ts'

/** JSON as go-jsonnet prints a result: fields in order, three spaces of indentation, a line feed at the end. */
export function printJson(value: Value): string {
  return `${jsonOf(value, '\n')}\n`
}

/** The text of a value that is added to a string: JSON in one line, but strings as they are. */
export function textOf(value: Value): string {
  return typeof value === 'string' ? value : jsonOf(value)
}

/** The text of `std.manifestJsonMinified`. */
export function minifyJson(value: Value): string {
  return compactJson(value).replace(/[\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`)
}

function compactJson(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((one) => compactJson(one())).join(',')}]`
  if (value instanceof JsonnetObject) {
    const parts = visibleFields(value).map(([name, { value: one }]) => `${JSON.stringify(name)}:${compactJson(one())}`)
    return `{${parts.join(',')}}`
  }
  if (typeof value === 'number' && /e/.test(String(value))) throw new NotCovered('a number with an exponent')
  if (value instanceof JsonnetFunction || Object.is(value, -0)) throw new NotCovered('a function or a negative zero')
  return JSON.stringify(value)
}

/** `line` is the line feed and the indentation of the line of the value, if lines are broken. */
function jsonOf(value: Value, line?: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return numeral(value)
  if (value instanceof JsonnetFunction) throw new NotCovered('a function as a result')
  const inner = line === undefined ? undefined : `${line}   `
  if (Array.isArray(value))
    return enclose(
      '[',
      value.map((one) => jsonOf(one(), inner)),
      ']',
      line,
    )
  return enclose('{', members(value, inner), '}', line)
}

function members(object: JsonnetObject, line?: string): string[] {
  return visibleFields(object).map(([name, { value }]) => `${quote(name)}: ${jsonOf(value(), line)}`)
}

function visibleFields({ fields }: JsonnetObject): [string, Field][] {
  const visible = [...fields].filter(([, { hide }]) => hide !== 'hidden')
  return visible.sort(([left], [right]) => compareTexts(left, right))
}

function enclose(open: string, parts: string[], close: string, line?: string): string {
  if (parts.length === 0) return `${open} ${close}`
  if (line === undefined) return `${open}${parts.join(', ')}${close}`
  return `${open}${line}   ${parts.join(`,${line}   `)}${line}${close}`
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
}

/** Integers in full, other numbers with up to 17 digits. */
function numeral(value: number): string {
  if (Number.isSafeInteger(value) && isPlainNumber(value)) return String(value)
  if (Number.isInteger(value) || Math.abs(value) < 1e-4) throw new NotCovered('a number with an exponent')
  return value.toPrecision(17).replace(/0+$/, '')
}

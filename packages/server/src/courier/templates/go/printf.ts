import { limitText } from './budget.ts'
import { GoTime } from './time.ts'
import { isMap, printValue, type Value } from './values.ts'

const maxWidth = 1000

/** Formats as Go's `fmt.Sprintf`, with its notes about arguments that do not fit. */
export function sprintf(format: string, values: readonly Value[]): string {
  let next = 0
  const text = format.replace(
    /%([-+# 0]{0,8})(\*|\d{1,6})?(?:\.(\*|\d{1,6})?)?([A-Za-z%]|$)/g,
    (directive, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      if (verb === '') return '%!(NOVERB)'
      const sizeOf = (size: string | undefined) => (size === '*' ? String(values[next++] ?? '') : size)
      const [wide, precise] = [sizeOf(width), sizeOf(precision)]
      if (next >= values.length) return `%!${verb}(MISSING)`
      const digits = precise === undefined && directive.includes('.') ? 0 : precise && Number(precise)
      const spec = { flags, verb, precision: digits === undefined ? undefined : Math.min(Number(digits), maxWidth) }
      return pad(formatOne(spec, values[next++]), { flags, width: Math.min(Number(wide ?? 0) || 0, maxWidth), verb })
    },
  )
  const extra = values.slice(next).map((value) => `${typeName(value)}=${printValue(value)}`)
  limitText(text.length)
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text
}

interface Spec {
  readonly flags: string
  readonly verb: string
  readonly precision: number | undefined
}

function formatOne({ flags, verb, precision }: Spec, value: Value): string {
  const plus = flags.includes('+') ? '+' : ''
  const isText = typeof value === 'string'
  switch (verb) {
    case 'v':
      return printValue(value)
    case 's':
      if (isText) return [...value].slice(0, precision).join('')
      return typeof value === 'object' && value !== null ? printValue(value) : wrong(verb, value)
    case 'q':
      if (isText) return quote(value)
      return typeof value === 'bigint' ? `'${String.fromCodePoint(Number(value))}'` : wrong(verb, value)
    case 'T':
      return typeName(value)
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong(verb, value)
    case 'd':
      return typeof value === 'bigint' ? withSign(String(value), plus) : wrong(verb, value)
    case 'x':
    case 'X':
      return hexadecimal(verb, value)
    case 'o':
    case 'b':
      return typeof value === 'bigint' ? value.toString(verb === 'o' ? 8 : 2) : wrong(verb, value)
    case 'c':
      return typeof value === 'bigint' ? String.fromCodePoint(Number(value)) : wrong(verb, value)
    case 'e':
    case 'f':
    case 'F':
    case 'g':
      return typeof value === 'number' ? withSign(formatFloat(verb, value, precision), plus) : wrong(verb, value)
    default:
      return wrong(verb, value)
  }
}

function formatFloat(verb: string, value: number, precision: number | undefined): string {
  if (verb === 'g')
    return precision === undefined ? printValue(value) : printValue(Number(value.toPrecision(precision || 1)))
  const digits = Math.min(precision ?? 6, 100)
  if (verb !== 'e') return value.toFixed(digits)
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')
}

function hexadecimal(verb: string, value: Value): string {
  if (typeof value !== 'bigint' && typeof value !== 'string') return wrong(verb, value)
  const text = typeof value === 'bigint' ? value.toString(16) : Buffer.from(value).toString('hex')
  return verb === 'X' ? text.toUpperCase() : text
}

const withSign = (text: string, plus: string) => (text.startsWith('-') ? text : `${plus}${text}`)

function pad(text: string, { flags, width, verb }: { flags: string; width: number; verb: string }): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0') || 'svqT'.includes(verb)) return ' '.repeat(missing) + text
  const [sign = ''] = /^[+-]/.exec(text) ?? []
  return `${sign}${'0'.repeat(missing)}${text.slice(sign.length)}`
}

function wrong(verb: string, value: Value): string {
  return value === undefined || value === null
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${typeName(value)}=${printValue(value)})`
}

/** Quotes a text as Go's `%q`. */
export function quote(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u00([01][\da-f])/g, '\\x$1')
    .replace(/\x7f/g, '\\x7f')
}

/** The name of a value's type in Go. */
export function typeName(value: Value): string {
  if (value === undefined || value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (isMap(value)) return 'map[string]interface {}'
  const names: Record<string, string> = { string: 'string', bigint: 'int', number: 'float64', boolean: 'bool' }
  return names[typeof value] ?? (value instanceof GoTime ? 'time.Time' : 'time.Duration')
}

/** Joins values as Go's `fmt.Sprint`: with a space between two that are no texts. */
export function sprint(values: readonly Value[]): string {
  let text = ''
  for (const [at, value] of values.entries()) {
    const isApart = at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string'
    text += `${isApart ? ' ' : ''}${printValue(value)}`
    limitText(text.length)
  }
  return text
}

import { TemplateError } from './ast.ts'
import { limitText } from './budget.ts'
import { escapeHtml, escapeJs, escapeUrlQuery } from './escapers.ts'
import { sprint, sprintf } from './printf.ts'
import { isMap, isTrue, member, printValue, type Value } from './values.ts'

/** The functions of Go's text/template but `and` and `or`; `call` has nothing to call here. */
export const builtins = {
  not: (value: Value) => !isTrue(value),
  len: length,
  index: (value: Value, ...keys: Value[]) => keys.reduce(itemAt, value),
  print: (...values: Value[]) => sprint(values),
  printf: (format: Value, ...values: Value[]) => sprintf(String(format), values),
  println: (...values: Value[]) => `${values.map(printValue).join(' ')}\n`,
  html: (...values: Value[]) => limitedText(escapeHtml(sprint(values))),
  js: (...values: Value[]) => limitedText(escapeJs(sprint(values))),
  urlquery: (...values: Value[]) => limitedText(escapeUrlQuery(sprint(values))),
  eq: (first: Value, second: Value, ...more: Value[]) => [second, ...more].some((one) => areEqual(first, one)),
  ne: (first: Value, second: Value) => !areEqual(first, second),
  lt: (first: Value, second: Value) => isLess(first, second),
  le: (first: Value, second: Value) => isLess(first, second) || areEqual(first, second),
  gt: (first: Value, second: Value) => isLess(second, first),
  ge: (first: Value, second: Value) => isLess(second, first) || areEqual(first, second),
}

function limitedText(text: string): string {
  limitText(text.length)
  return text
}

/** Numbers compare by value, whether Go would call them int or float64; values of other kinds only with their kind. */
function areEqual(first: Value, second: Value): boolean {
  if (isNumeric(first) && isNumeric(second)) return !(first < second || first > second)
  return (first ?? null) === (second ?? null)
}

function isLess(first: Value, second: Value): boolean {
  const comparable =
    (isNumeric(first) && isNumeric(second)) || (typeof first === 'string' && typeof second === 'string')
  if (!comparable) throw new TemplateError('values that cannot be compared')
  return (first as number) < (second as number)
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function length(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (isMap(value)) return BigInt(Object.keys(value).length)
  throw new TemplateError('len needs a text, a list or a map')
}

function itemAt(value: Value, key: Value): Value {
  if (isMap(value)) return member(value, String(key))
  const items = typeof value === 'string' ? [...Buffer.from(value)].map(BigInt) : value
  if (!Array.isArray(items)) throw new TemplateError('index needs a list, a map or a text')
  const at = Number(key)
  if (!Number.isInteger(at) || at < 0 || at >= items.length)
    throw new TemplateError(`index ${printValue(key)} is out of range`)
  return items[at]
}

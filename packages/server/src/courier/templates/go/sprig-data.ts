import { TemplateError } from './ast.ts'
import { limitItems, limitText } from './budget.ts'
import { jsonText, valueOfJson } from './json.ts'
import { typeName } from './printf.ts'
import { type GoMap, integerOf, isMap, isTrue, listOf, mapOf, member, textOf, type Value } from './values.ts'

/** sprig's functions for defaults, lists, maps and JSON. */
const functions = {
  default: (fallback: Value, value?: Value) => (isTrue(value) ? value : fallback),
  empty: (value: Value) => !isTrue(value),
  coalesce: (...values: Value[]) => values.find(isTrue),
  all: (...values: Value[]) => values.every(isTrue),
  any: (...values: Value[]) => values.some(isTrue),
  ternary: (yes: Value, no: Value, condition: Value) => (condition === true ? yes : no),
  list: (...values: Value[]) => values,
  tuple: (...values: Value[]) => values,
  first: (list: Value) => listOf(list)[0],
  last: (list: Value) => listOf(list).at(-1),
  rest: (list: Value) => listOf(list).slice(1),
  initial: (list: Value) => listOf(list).slice(0, -1),
  append: (list: Value, value: Value) => limitedItems([...listOf(list), value]),
  push: (list: Value, value: Value) => limitedItems([...listOf(list), value]),
  prepend: (list: Value, value: Value) => limitedItems([value, ...listOf(list)]),
  concat: (...lists: Value[]) => limitedItems(lists.flatMap(listOf)),
  reverse: (list: Value) => listOf(list).toReversed(),
  compact: (list: Value) => listOf(list).filter(isTrue),
  uniq: (list: Value) => [...new Map(listOf(list).map((value) => [keyOf(value), value])).values()],
  without: (list: Value, ...values: Value[]) => withoutKeys(listOf(list), new Set(values.map(keyOf))),
  has: (value: Value, list: Value) => listOf(list).some((one) => keyOf(one) === keyOf(value)),
  chunk: (size: Value, list: Value) => chunks(listOf(list), Math.max(1, Number(size) || 1)),
  slice: (value: Value, from?: Value, to?: Value) => slice(value, from, to),
  dict: (...pairs: Value[]) => dictionary(pairs),
  get: (map: Value, key: Value) => member(map, textOf(key)) ?? '',
  set: (map: Value, key: Value, value: Value) => define(map, textOf(key), value),
  unset: (map: Value, key: Value) => remove(map, textOf(key)),
  hasKey: (map: Value, key: Value) => isMap(map) && Object.hasOwn(map, textOf(key)),
  keys: (...maps: Value[]) => maps.filter(isMap).flatMap((map) => Object.keys(map)),
  values: (map: Value) => (isMap(map) ? Object.values(map) : []),
  pluck: (key: Value, ...maps: Value[]) =>
    maps.filter((map) => isMap(map) && Object.hasOwn(map, textOf(key))).map((map) => member(map, textOf(key))),
  pick: (map: Value, ...keys: Value[]) => pickEntries(map, (key) => keys.includes(key)),
  omit: (map: Value, ...keys: Value[]) => pickEntries(map, (key) => !keys.includes(key)),
  merge: (...maps: Value[]) => mapOf(maps.toReversed().filter(isMap).flatMap(Object.entries)),
  mergeOverwrite: (...maps: Value[]) => mapOf(maps.filter(isMap).flatMap(Object.entries)),
  dig: (...path: Value[]) => dig(path),
  deepEqual: (first: Value, second: Value) => keyOf(first) === keyOf(second),
  deepCopy: (value: Value) => valueOfJson(JSON.parse(jsonText(value))),
  fromJson: (text: Value) => parseDocument(textOf(text)),
  toJson: (value: Value) => limitedText(jsonText(value, { escapesHtml: true })),
  toRawJson: (value: Value) => limitedText(jsonText(value)),
  toPrettyJson: (value: Value) => limitedText(jsonText(value, { escapesHtml: true, indent: 2 })),
  typeOf: typeName,
  typeIs: (name: Value, value: Value) => typeName(value) === name,
  kindOf: (value: Value) => kindOf(value),
  kindIs: (name: Value, value: Value) => kindOf(value) === name,
}

/** The functions that sprig also has under a name with must, which fails where the other gives nothing. */
const withMust =
  'append push prepend first last rest initial reverse compact uniq without has chunk slice deepCopy fromJson toJson toRawJson toPrettyJson merge mergeOverwrite'

export const dataFunctions: Record<string, (...given: never[]) => Value> = {
  ...functions,
  ...Object.fromEntries(
    withMust
      .split(' ')
      .map((name) => [`must${name[0]?.toUpperCase()}${name.slice(1)}`, functions[name as keyof typeof functions]]),
  ),
}

function limitedItems<T>(items: T[]): T[] {
  limitItems(items.length)
  return items
}

function limitedText(text: string): string {
  limitText(text.length)
  return text
}

/** Two values with the same key are equal. */
function keyOf(value: Value): string {
  return typeof value === 'bigint' ? `int ${value}` : jsonText(value)
}

const withoutKeys = (list: readonly Value[], keys: Set<string>) => list.filter((value) => !keys.has(keyOf(value)))

function chunks(list: readonly Value[], size: number): Value[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}

function slice(value: Value, from: Value = 0n, to?: Value): Value {
  const items = typeof value === 'string' ? Buffer.from(value) : listOf(value)
  const end = to === undefined ? items.length : Number(integerOf(to))
  const start = Number(integerOf(from))
  if (start < 0 || end < start || end > items.length) throw new TemplateError('slice bounds are out of range')
  return Buffer.isBuffer(items) ? items.subarray(start, end).toString() : items.slice(start, end)
}

function dictionary(pairs: Value[]): GoMap {
  const keys = pairs.filter((_, at) => at % 2 === 0)
  return mapOf(keys.map((key, at) => [textOf(key), pairs[at * 2 + 1] ?? ''] as const))
}

function define(map: Value, key: string, value: Value): Value {
  if (!isMap(map)) throw new TemplateError('set needs a map')
  if (Object.keys(map).length > 1000) throw new TemplateError('a map has too many members')
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true })
  return map
}

function remove(map: Value, key: string): Value {
  if (isMap(map)) Reflect.deleteProperty(map, key)
  return map
}

function pickEntries(map: Value, isPicked: (key: string) => boolean): GoMap {
  return mapOf(isMap(map) ? Object.entries(map).filter(([key]) => isPicked(key)) : [])
}

/** The keys, the value if one is missing, and the map. */
function dig(path: Value[]): Value {
  const [fallback, map] = path.slice(-2)
  let value: Value = map
  for (const key of path.slice(0, -2)) {
    if (!isMap(value) || !Object.hasOwn(value, textOf(key))) return fallback
    value = member(value, textOf(key))
  }
  return value
}

function parseDocument(text: string): Value {
  try {
    return valueOfJson(JSON.parse(text))
  } catch {
    return undefined
  }
}

function kindOf(value: Value): string {
  const kinds: Record<string, string> = {
    '<nil>': 'invalid',
    '[]interface {}': 'slice',
    'map[string]interface {}': 'map',
  }
  const name = typeName(value)
  return kinds[name] ?? name.replace(/^time\..*/, 'struct')
}

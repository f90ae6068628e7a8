import { createHash } from 'node:crypto'
import { basename, dirname, extname, isAbsolute, normalize } from 'node:path/posix'
import { TemplateError } from './ast.ts'
import { limitItems, limitText } from './budget.ts'
import { quote } from './printf.ts'
import { integerOf, listOf, mapOf, printValue, textOf, type Value } from './values.ts'

/** sprig's functions for texts. */
export const textFunctions = {
  hello: () => 'Hello!',
  trim: (text: Value) => textOf(text).trim(),
  upper: (text: Value) => textOf(text).toUpperCase(),
  lower: (text: Value) => textOf(text).toLowerCase(),
  title: (text: Value) =>
    textOf(text).replace(/(?<![\p{L}\p{N}_]|[^\p{ASCII}\s])\p{L}/gu, (letter) => letter.toUpperCase()),
  untitle: (text: Value) => textOf(text).replace(/(?<!\S)\p{L}/gu, (letter) => letter.toLowerCase()),
  substr: (from: Value, to: Value, text: Value) => substring(textOf(text), Number(from), Number(to)),
  trunc: (count: Value, text: Value) => truncate(textOf(text), Number(count)),
  abbrev: (width: Value, text: Value) => abbreviate(textOf(text), Number(width)),
  repeat: (count: Value, text: Value) => repeat(textOf(text), Number(count)),
  trimAll: (letters: Value, text: Value) => trimAll(textOf(text), textOf(letters)),
  trimall: (letters: Value, text: Value) => trimAll(textOf(text), textOf(letters)),
  trimSuffix: (end: Value, text: Value) => withoutEnd(textOf(text), textOf(end)),
  trimPrefix: (start: Value, text: Value) => withoutStart(textOf(text), textOf(start)),
  nospace: (text: Value) => textOf(text).replace(/\s+/g, ''),
  initials: (text: Value) => (textOf(text).match(/(?<!\S)\S/gu) ?? []).join(''),
  swapcase: (text: Value) => textOf(text).replace(/\p{L}/gu, swapCase),
  snakecase: (text: Value) => words(textOf(text)).join('_').toLowerCase(),
  kebabcase: (text: Value) => words(textOf(text)).join('-').toLowerCase(),
  camelcase: (text: Value) => words(textOf(text)).map(capitalize).join(''),
  wrap: (width: Value, text: Value) => wrap(textOf(text), Number(width), { separator: '\n', breaksWords: false }),
  wrapWith: (width: Value, separator: Value, text: Value) =>
    wrap(textOf(text), Number(width), { separator: textOf(separator), breaksWords: true }),
  contains: (part: Value, text: Value) => textOf(text).includes(textOf(part)),
  hasPrefix: (start: Value, text: Value) => textOf(text).startsWith(textOf(start)),
  hasSuffix: (end: Value, text: Value) => textOf(text).endsWith(textOf(end)),
  quote: (...values: Value[]) =>
    present(values)
      .map((one) => quote(textOf(one)))
      .join(' '),
  squote: (...values: Value[]) =>
    present(values)
      .map((one) => `'${textOf(one)}'`)
      .join(' '),
  cat: (...values: Value[]) => present(values).map(printValue).join(' '),
  indent: (count: Value, text: Value) => indent(textOf(text), Number(count)),
  nindent: (count: Value, text: Value) => `\n${indent(textOf(text), Number(count))}`,
  replace: (from: Value, to: Value, text: Value) => replaceAll(textOf(text), textOf(from), textOf(to)),
  plural: (one: Value, many: Value, count: Value) => (integerOf(count) === 1n ? one : many),
  sha1sum: (text: Value) => createHash('sha1').update(textOf(text)).digest('hex'),
  sha256sum: (text: Value) => createHash('sha256').update(textOf(text)).digest('hex'),
  toString: (value: Value) => printValue(value),
  split: (separator: Value, text: Value) => numberItems(parts(textOf(text), textOf(separator))),
  splitn: (separator: Value, count: Value, text: Value) => splitAtMost(textOf(text), textOf(separator), Number(count)),
  splitList: (separator: Value, text: Value) => parts(textOf(text), textOf(separator)),
  join: (separator: Value, list: Value) => join(list, textOf(separator)),
  sortAlpha: (list: Value) => listOf(list).map(textOf).sort(),
  toStrings: (list: Value) => listOf(list).map(printValue),
  b64enc: (text: Value) => Buffer.from(textOf(text)).toString('base64'),
  b64dec: (text: Value) => Buffer.from(textOf(text), 'base64').toString(),
  base: (path: Value) => basename(textOf(path)) || '.',
  dir: (path: Value) => dirname(textOf(path)),
  clean: (path: Value) => normalize(textOf(path)),
  ext: (path: Value) => extname(textOf(path)),
  isAbs: (path: Value) => isAbsolute(textOf(path)),
  fail: (message: Value) => {
    throw new TemplateError(`fail: ${textOf(message)}`)
  },
}

const present = (values: Value[]) => values.filter((value) => value !== undefined && value !== null)

function substring(text: string, from: number, to: number): string {
  const bytes = Buffer.from(text)
  if (from < 0) return bytes.subarray(0, Math.max(0, to)).toString()
  return bytes.subarray(from, to < 0 || to > bytes.length ? bytes.length : to).toString()
}

function truncate(text: string, count: number): string {
  const bytes = Buffer.from(text)
  if (count < 0 && bytes.length + count > 0) return bytes.subarray(bytes.length + count).toString()
  return count >= 0 && bytes.length > count ? bytes.subarray(0, count).toString() : text
}

function abbreviate(text: string, width: number): string {
  return width < 4 || text.length <= width ? text : `${text.slice(0, width - 3)}...`
}

function repeat(text: string, count: number): string {
  if (!(count >= 0)) throw new TemplateError('repeat needs a count')
  limitText(text.length * count)
  return text.repeat(count)
}

function trimAll(text: string, letters: string): string {
  const all = [...text]
  const isOther = (letter: string) => !letters.includes(letter)
  const start = all.findIndex(isOther)
  return start < 0 ? '' : all.slice(start, all.findLastIndex(isOther) + 1).join('')
}

const withoutEnd = (text: string, end: string) => (end && text.endsWith(end) ? text.slice(0, -end.length) : text)
const withoutStart = (text: string, start: string) => (text.startsWith(start) ? text.slice(start.length) : text)

function swapCase(letter: string): string {
  const upper = letter.toUpperCase()
  return letter === upper ? letter.toLowerCase() : upper
}

/** The words of a name in any style: `firstName`, `first_name`, `First name`. */
function words(text: string): string[] {
  return text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+/gu) ?? []
}

const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function wrap(text: string, width: number, how: { separator: string; breaksWords: boolean }): string {
  const { separator, breaksWords } = how
  const limit = Math.max(1, Math.floor(width) || 1)
  const lines: string[] = []
  let at = 0
  while (text.length - at > limit) {
    if (text[at] === ' ') {
      at++
      continue
    }
    const before = at + text.slice(at, at + limit + 1).lastIndexOf(' ')
    const space = before >= at || breaksWords ? before : text.indexOf(' ', at + limit)
    if (space >= at) lines.push(text.slice(at, space))
    else if (breaksWords) lines.push(text.slice(at, at + limit))
    else break
    at = space >= at ? space + 1 : at + limit
  }
  limitText(text.length + lines.length * separator.length)
  return [...lines, text.slice(at)].join(separator)
}

function indent(text: string, count: number): string {
  const lines = text.split('\n')
  limitText(text.length + lines.length * Math.max(0, count))
  const indent = ' '.repeat(Math.max(0, count || 0))
  return lines.map((line) => indent + line).join('\n')
}

function replaceAll(text: string, from: string, to: string): string {
  const pieces = text.split(from)
  limitText(text.length + pieces.length * to.length)
  return from === '' ? ['', ...text, ''].join(to) : pieces.join(to)
}

function parts(text: string, separator: string): string[] {
  const found = separator === '' ? [...text] : text.split(separator)
  limitItems(found.length)
  return found
}

const numberItems = (items: string[]) => mapOf(items.map((item, at) => [`_${at}`, item] as const))

function splitAtMost(text: string, separator: string, count: number): Value {
  const all = parts(text, separator)
  if (!(count > 0) || all.length <= count) return numberItems(all)
  return numberItems([...all.slice(0, count - 1), all.slice(count - 1).join(separator)])
}

function join(list: Value, separator: string): string {
  if (!Array.isArray(list)) return textOf(list)
  const texts = list.filter((one) => one !== undefined && one !== null).map(textOf)
  limitText(texts.reduce((sum, text) => sum + text.length + separator.length, 0))
  return texts.join(separator)
}

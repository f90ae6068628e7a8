import { TemplateError } from './ast.ts'

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** The value of a string or character of Go: `"…"` with escapes, a raw string, or `'x'` as its code point. */
export function unquote(text: string, line: number): string | bigint {
  const inner = text.slice(1, -1)
  if (text.startsWith('`')) return inner.replaceAll('\r', '')
  const value = inner.replace(/\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[0-7]{3}|.)/gi, (_, letters: string) => {
    const plain = simple[letters]
    if (plain !== undefined) return plain
    const code = /^[xuU]./.test(letters) ? Number.parseInt(letters.slice(1), 16) : Number.parseInt(letters, 8)
    if (letters.length < 3 || !(code <= 0x10ffff))
      throw new TemplateError(`the escape \\${letters} on line ${line} does not exist`)
    return String.fromCodePoint(code)
  })
  if (text.startsWith('"')) return value
  const [first = '', ...more] = value
  if (more.length > 0) throw new TemplateError(`${text} on line ${line} is not one character`)
  return BigInt(first.codePointAt(0) ?? 0)
}

/** A token with its position, as indices into the text. Comments produce no tokens. */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'quoted' | 'sign' | 'end' | 'fault'
  /** The text of the token: without quotes for a quoted string, the error message for a fault. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Returns the next token on each call; after the end or a fault, always a fault at the start of the text, as in Keto. */
export function tokensOf(text: string): () => Token {
  let at = 0
  let afterEnd: Token | undefined
  return () => {
    if (afterEnd) return afterEnd
    const token = tokenFrom(text, at)
    at = token.kind === 'quoted' ? token.end + 1 : token.end
    if (token.kind === 'end') afterEnd = fault('The text ends too early', 0, 0)
    if (token.kind === 'fault') afterEnd = fault(token.text, 0, 0)
    return token
  }
}

/** Ignores quotes: Keto treats `"related"` like `related`. */
export function hasText(token: Token, text: string): boolean {
  return token.kind !== 'fault' && token.text === text
}

export function isSign(token: Token, sign: string): boolean {
  return token.kind === 'sign' && token.text === sign
}

export function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.text === word
}

const pairs = new Set(['=>', '||', '&&'])
const signs = new Set([...':.()[]{}<>=,;|!'])
const keywords = new Set(['class', 'implements', 'this', 'ctx'])
const whitespace = /[\t\n\v\f\r ]*/y
const names = /[A-Za-z_][A-Za-z0-9_]*/y

function tokenFrom(text: string, from: number): Token {
  let start = endOfRun(whitespace, text, from)
  for (let comment = commentAt(text, start); comment; comment = commentAt(text, start)) {
    if (!comment.closed) return fault('This remark does not end', start, comment.end)
    start = endOfRun(whitespace, text, comment.end)
  }
  if (start >= text.length) return { kind: 'end', text: '', start, end: start }
  const pair = text.slice(start, start + 2)
  if (pairs.has(pair)) return { kind: 'sign', text: pair, start, end: start + 2 }
  const character = text.charAt(start)
  if (signs.has(character)) return { kind: 'sign', text: character, start, end: start + 1 }
  if (character === '"' || character === "'") return quotedFrom(text, start + 1, character)
  const end = endOfRun(names, text, start)
  const name = text.slice(start, end)
  if (end > start) return { kind: keywords.has(name) ? 'keyword' : 'name', text: name, start, end }
  return fault(`The character ${String.fromCodePoint(text.codePointAt(start) ?? 0)} has no meaning here`, start, start)
}

function endOfRun(run: RegExp, text: string, from: number): number {
  run.lastIndex = from
  return run.test(text) ? run.lastIndex : from
}

function commentAt(text: string, start: number): { end: number; closed: boolean } | undefined {
  const isLine = text.startsWith('//', start)
  if (!isLine && !text.startsWith('/*', start)) return undefined
  const closing = text.indexOf(isLine ? '\n' : '*/', start + 2)
  if (closing < 0) return { end: text.length, closed: isLine }
  return { end: isLine ? closing : closing + 2, closed: true }
}

/** The language has no escape sequences, and a quoted string may contain newlines. */
function quotedFrom(text: string, start: number, quote: string): Token {
  const end = text.indexOf(quote, start)
  if (end < 0) return fault('This quoted text does not end', start, text.length)
  return { kind: 'quoted', text: text.slice(start, end), start, end }
}

function fault(text: string, start: number, end: number): Token {
  return { kind: 'fault', text, start, end }
}

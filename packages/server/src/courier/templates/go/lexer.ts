import { TemplateError } from './ast.ts'
import { unquote } from './quoted.ts'

export type TokenKind = 'field' | 'variable' | 'word' | 'constant' | 'symbol'

export interface Token {
  readonly kind: TokenKind
  /** The name of a field or variable, a word, or a symbol. */
  readonly text: string
  readonly value?: unknown
  readonly line: number
  /** Whether there is a space before it, which separates operands. */
  readonly isApart: boolean
}

/** Text, or the tokens of one action. */
export type Segment = string | { readonly tokens: readonly Token[]; readonly source: string; readonly line: number }

const patterns: readonly (readonly [TokenKind | 'space' | 'quoted' | 'number', RegExp])[] = [
  ['space', /\s+/y],
  ['quoted', /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['symbol', /:=|[=|(),.]/y],
]

/** Splits a template into text and actions (Go's text/template), and applies trim markers and comments. */
export function segmentsOf(source: string): Segment[] {
  const segments: Segment[] = []
  let at = 0
  let line = 1
  let trims = false
  while (at <= source.length) {
    const start = source.indexOf('{{', at)
    const raw = source.slice(at, start < 0 ? source.length : start)
    line += newlines(raw)
    const opensTrimmed = start >= 0 && /^-\s/.test(source.slice(start + 2, start + 4))
    const text = opensTrimmed ? trimEnd(raw) : raw
    segments.push(trims ? trimStart(text) : text)
    if (start < 0) break
    const action = readAction(source, start + (opensTrimmed ? 3 : 2), line)
    if (action.tokens) segments.push({ tokens: action.tokens, source: source.slice(start, action.end).trim(), line })
    line += newlines(source.slice(start, action.end))
    trims = action.trims
    at = action.end
  }
  return segments.filter((segment) => segment !== '')
}

interface Action {
  /** Undefined for a comment. */
  tokens?: Token[]
  end: number
  /** Whether the white space after it is removed. */
  trims: boolean
}

function readAction(source: string, from: number, firstLine: number): Action {
  const comment = /\s*\/\*/y
  comment.lastIndex = from
  if (comment.test(source)) return readComment(source, comment.lastIndex, firstLine)
  const tokens: Token[] = []
  let at = from
  let line = firstLine
  let isApart = false
  for (;;) {
    const close = /(\s-)?\}\}/y
    close.lastIndex = at
    const closed = close.exec(source)
    if (closed) return { tokens, end: close.lastIndex, trims: closed[1] !== undefined }
    const [kind, text] = nextLexeme(source, at, line)
    if (kind !== 'space') tokens.push(tokenOf(kind, text, { line, isApart }))
    isApart = kind === 'space'
    line += newlines(text)
    at += text.length
  }
}

function readComment(source: string, from: number, line: number): Action {
  const close = /\*\/(\s-)?\}\}/g
  close.lastIndex = from
  const closed = close.exec(source)
  if (!closed) throw new TemplateError(`an unclosed comment on line ${line}`)
  return { end: close.lastIndex, trims: closed[1] !== undefined }
}

function nextLexeme(source: string, at: number, line: number): readonly [(typeof patterns)[number][0], string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const [text] = pattern.exec(source) ?? []
    if (text) return [kind, text]
  }
  if (source.indexOf('}}', at) < 0) throw new TemplateError(`an unclosed action on line ${line}`)
  throw new TemplateError(`${JSON.stringify(source.slice(at, at + 20))} on line ${line} is no part of an action`)
}

function tokenOf(kind: TokenKind | 'quoted' | 'number', text: string, where: Pick<Token, 'line' | 'isApart'>): Token {
  if (kind === 'quoted') return { kind: 'constant', text, value: unquote(text, where.line), ...where }
  if (kind === 'number') return { kind: 'constant', text, value: numberOf(text), ...where }
  if (kind === 'word' && (text === 'true' || text === 'false'))
    return { kind: 'constant', text, value: text === 'true', ...where }
  if (kind === 'word' && text === 'nil') return { kind: 'constant', text, value: null, ...where }
  return { kind, text: kind === 'field' ? text.slice(1) : text, ...where }
}

/** Go's integers are `bigint` here, and its floating-point numbers `number`. */
function numberOf(text: string): bigint | number {
  const plain = text.replaceAll('_', '')
  if (/[.]|^[+-]?\d+[eE]/.test(plain)) return Number(plain)
  const [, sign = '', digits = '0'] = /^([+-]?)(.*)$/.exec(plain) ?? []
  const value = BigInt(/^0\d+$/.test(digits) ? `0o${digits}` : digits)
  return sign === '-' ? -value : value
}

const newlines = (text: string) => text.split('\n').length - 1

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && ' \t\r\n'.includes(text[end - 1] as string)) end--
  return text.slice(0, end)
}

const trimStart = (text: string) => text.replace(/^[ \t\r\n]+/, '')

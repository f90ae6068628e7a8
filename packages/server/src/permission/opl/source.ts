import { hasText, isSign, type Token, tokensOf } from './lexer.ts'
import type { Reference } from './reference.ts'

export interface Fault {
  message: string
  at: { readonly start: number; readonly end: number }
}

/** Parsing in parts: yields the steps of a search that each of them took. */
export type Parsing<T> = Generator<number, T, undefined>

/** Stops parsing; the fault itself is in `Source.faults`. */
export class GrammarFault extends Error {}

/** The state of a parse: the token stream, the faults found, and the references to check at the end. */
export class Source {
  readonly faults: Fault[] = []
  readonly references: Reference[] = []
  private readonly read: () => Token
  private ahead: Token | undefined

  constructor(text: string) {
    this.read = tokensOf(text)
  }

  peek(): Token {
    this.ahead ??= this.read()
    return this.ahead
  }

  next(): Token {
    const token = this.peek()
    this.ahead = undefined
    return token
  }

  /** Consumes a sign if it is the next token; returns whether it did. */
  skipSign(sign: string): boolean {
    const found = isSign(this.peek(), sign)
    if (found) this.next()
    return found
  }

  expect(...texts: string[]): void {
    for (const text of texts) {
      const token = this.next()
      if (!hasText(token, text)) this.refuse(token, `"${text}" belongs here, not ${describeToken(token)}`)
    }
  }

  /** Consumes an optional sequence of tokens; after the first one, the others are required. */
  accept(first: string, ...others: string[]): void {
    if (!hasText(this.peek(), first)) return
    this.next()
    this.expect(...others)
  }

  /** Consumes a name, which may be quoted. Keywords must be quoted to be used as names. */
  name(what: string): Token {
    const token = this.next()
    if (token.kind === 'name' || token.kind === 'quoted') return token
    return this.refuse(token, `${what} belongs here, not ${describeToken(token)}`)
  }

  /** Parses a property access with a dot or brackets; `read` parses the property itself. */
  property<T>(read: () => T): T {
    const inBrackets = this.skipSign('[')
    if (!inBrackets) this.expect('.')
    const property = read()
    if (inBrackets) this.expect(']')
    return property
  }

  refuse(token: Token, message: string): never {
    this.faults.push({ message: `${token.kind === 'fault' ? token.text : message}.`, at: token })
    throw new GrammarFault()
  }

  /** In a few places Keto continues after a fault and may report a second one; `further` does that. */
  orElse<T>(read: () => T, further: () => unknown): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof GrammarFault) further()
      throw error
    }
  }
}

const maxQuotedLength = 40

/** Describes a token for an error message. */
export function describeToken(token: Token): string {
  return token.kind === 'end' ? 'the end of the text' : quote(token.text)
}

/** Quotes and truncates a name for an error message. */
export function quote(text: string): string {
  return `"${text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text}"`
}

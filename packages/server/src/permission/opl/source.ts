import { isSign, says, type Token, tokensOf } from './lexer.ts'
import type { Reference } from './reference.ts'

export interface Fault {
  message: string
  at: { readonly start: number; readonly end: number }
}

/** Ends the reading; the fault itself is in the source's list. */
export class GrammarFault extends Error {}

/** A file while it is read: its words, what is wrong with it, and the names to look up when all of it is read. */
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

  /** Takes a sign if it is the next word. */
  took(sign: string): boolean {
    const found = isSign(this.peek(), sign)
    if (found) this.next()
    return found
  }

  expect(...texts: string[]): void {
    for (const text of texts) {
      const token = this.next()
      if (!says(token, text)) this.refuse(token, `"${text}" belongs here, not ${shown(token)}`)
    }
  }

  /** Takes words that may be left out; after the first of them the others have to follow. */
  accept(first: string, ...others: string[]): void {
    if (!says(this.peek(), first)) return
    this.next()
    this.expect(...others)
  }

  /** A name that may stand in quotes. Words of the language need them. */
  name(what: string): Token {
    const token = this.next()
    if (token.kind === 'name' || token.kind === 'quoted') return token
    return this.refuse(token, `${what} belongs here, not ${shown(token)}`)
  }

  /** What follows a dot or stands in brackets; `read` takes it. */
  property<T>(read: () => T): T {
    const inBrackets = this.took('[')
    if (!inBrackets) this.expect('.')
    const property = read()
    if (inBrackets) this.expect(']')
    return property
  }

  refuse(token: Token, message: string): never {
    this.faults.push({ message: `${token.kind === 'fault' ? token.text : message}.`, at: token })
    throw new GrammarFault()
  }

  /** At a few places Keto looks further after a fault and may tell a second one; `further` does that. */
  orElse<T>(read: () => T, further: () => unknown): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof GrammarFault) further()
      throw error
    }
  }
}

const longest = 40

/** A word in a message. */
export function shown(token: Token): string {
  return token.kind === 'end' ? 'the end of the text' : quoted(token.text)
}

/** A name in a message, without all of what may be a long text. */
export function quoted(text: string): string {
  return `"${text.length > longest ? `${text.slice(0, longest)}…` : text}"`
}

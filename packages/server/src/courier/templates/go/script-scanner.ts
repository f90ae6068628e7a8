import { type CommentState, commentEnd } from './comment.ts'

/** Keywords after which `/` begins a regular expression. */
const keywords = new Set(
  'break case continue delete do else finally in instanceof return throw try typeof void'.split(' '),
)

const lineEnds = '\n\r\u2028\u2029'

export type ScriptState = 'code' | '"' | "'" | '`' | 'regexp' | CommentState

/** Follows the text of a script as far as the place of a value depends on it. Comments are left out. */
export class ScriptScanner {
  state: ScriptState = 'code'
  /** Whether `/` would begin a regular expression here. */
  #startsRegexp = true
  /** The word or number that the code ends with. */
  #word = ''
  #last = ''
  /** Whether there was white space since. */
  #isApart = false
  /** The open braces within each `${` of template literals. */
  readonly #braces: number[] = []
  #isInClass = false
  #comment = ''

  /** Notes that a value stands here. */
  value(): void {
    if (this.state === 'code') this.#noteOperand()
  }

  #noteOperand(): void {
    this.#startsRegexp = false
    this.#word = 'value'
    this.#last = ''
  }

  feed(text: string): string {
    let out = ''
    for (let at = 0; at < text.length; ) {
      const length = this.#step(text, at)
      if (!this.#comment) out += text.slice(at, at + length)
      else if (this.state === 'code') {
        out += this.#comment === 'line' ? text.slice(at, at + length) : this.#comment === 'lines' ? '\n' : ' '
        this.#comment = ''
      } else if (text[at] === '\n') this.#comment = 'lines'
      at += length
    }
    return out
  }

  /** Handles what stands at a place. Returns its length. */
  #step(text: string, at: number): number {
    const letter = text[at] as string
    switch (this.state) {
      case 'code':
        return this.#code(text, at)
      case 'line comment':
      case 'block comment':
        return this.#insideComment(text, at)
      case 'regexp':
        return this.#regexp(letter)
      default:
        return this.#string(text, at)
    }
  }

  #insideComment(text: string, at: number): number {
    const length = commentEnd(this.state as CommentState, { text, at, lineEnds })
    if (length > 0) this.state = 'code'
    return length || 1
  }

  #code(text: string, at: number): number {
    const letter = text[at] as string
    if (text.startsWith('//', at)) return this.#begin('line comment', 2, 'line')
    if (text.startsWith('/*', at)) return this.#begin('block comment', 2, 'block')
    if (text.startsWith('<!--', at)) return this.#begin('line comment', 4, 'line')
    if (letter === '"' || letter === "'" || letter === '`') return this.#begin(letter, 1)
    if (letter === '/' && this.#startsRegexp) return this.#begin('regexp', 1)
    const open = this.#braces.at(-1)
    if (letter === '}' && open === 0) {
      this.#braces.pop()
      return this.#begin('`', 1)
    }
    if (open !== undefined && (letter === '{' || letter === '}'))
      this.#braces[this.#braces.length - 1] = open + (letter === '{' ? 1 : -1)
    this.#note(letter)
    return 1
  }

  #begin(state: ScriptState, length: number, comment = ''): number {
    this.state = state
    this.#comment = comment
    this.#isInClass = false
    return length
  }

  #note(letter: string): void {
    const isWord = /[\w$\u0080-\uffff]/.test(letter)
    if (/\s/.test(letter)) this.#isApart = true
    else if (isWord) {
      this.#word = this.#isApart ? letter : this.#word + letter
      this.#startsRegexp = keywords.has(this.#word)
    } else if (letter === '+' || letter === '-') this.#startsRegexp = this.#last !== letter || !this.#startsRegexp
    else this.#startsRegexp = !/[)\].]/.test(letter)
    if (/\s/.test(letter)) return
    this.#isApart = false
    if (!isWord) this.#word = ''
    this.#last = letter
  }

  #regexp(letter: string): number {
    if (letter === '\\') return 2
    if (letter === '[') this.#isInClass = true
    if (letter === ']') this.#isInClass = false
    if (letter === '/' && !this.#isInClass) this.#end()
    return 1
  }

  #string(text: string, at: number): number {
    if (text[at] === '\\') return 2
    if (text[at] === this.state) this.#end()
    if (this.state !== '`' || !text.startsWith('${', at)) return 1
    this.#braces.push(0)
    this.state = 'code'
    this.#startsRegexp = true
    return 2
  }

  #end(): void {
    this.state = 'code'
    this.#noteOperand()
  }
}

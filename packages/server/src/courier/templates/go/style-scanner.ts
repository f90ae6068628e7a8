import { type CommentState, commentEnd } from './comment.ts'
import { UrlScanner } from './url-scanner.ts'

const lineEnds = '\n\f\r'

export type StyleState = 'code' | '"' | "'" | 'url' | 'url"' | "url'" | CommentState

/** Follows the text of a style sheet as far as the place of a value depends on it. Comments are left out. */
export class StyleScanner {
  state: StyleState = 'code'
  /** The URL that strings and `url(…)` may hold. */
  url = new UrlScanner()

  feed(text: string): string {
    let out = ''
    for (let at = 0; at < text.length; ) {
      const before = this.state
      const length = this.#step(text, at)
      if (!before.endsWith('comment') && !this.state.endsWith('comment')) out += text.slice(at, at + length)
      else if (this.state === 'code') out += ' '
      at += length
    }
    return out
  }

  #step(text: string, at: number): number {
    const letter = text[at] as string
    switch (this.state) {
      case 'code':
        return this.#code(text, at)
      case 'line comment':
      case 'block comment':
        return this.#insideComment(text, at)
      default:
        return this.#string(letter, text.slice(at, at + 2))
    }
  }

  #insideComment(text: string, at: number): number {
    const length = commentEnd(this.state as CommentState, { text, at, lineEnds })
    if (length > 0) this.state = 'code'
    return length || 1
  }

  #code(text: string, at: number): number {
    const letter = text[at] as string
    if (text.startsWith('/*', at)) return this.#begin('block comment', 2)
    if (text.startsWith('//', at)) return this.#begin('line comment', 2)
    if (letter === '"' || letter === "'") return this.#begin(letter, 1)
    const opening = /url\(\s*(["']?)/iy
    opening.lastIndex = at
    const url = opening.exec(text)
    return url ? this.#begin(`url${url[1] ?? ''}` as StyleState, url[0].length) : 1
  }

  #begin(state: StyleState, length: number): number {
    this.state = state
    this.url = new UrlScanner()
    return length
  }

  #string(letter: string, two: string): number {
    const end = this.state.at(-1)
    const isEnd = this.state === 'url' ? /[\s)]/.test(letter) : letter === end
    if (isEnd) this.state = 'code'
    else this.url.feed(letter)
    return letter === '\\' ? two.length : 1
  }
}

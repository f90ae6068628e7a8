import { UrlScanner } from './url-scanner.ts'

export type StyleState = 'code' | '"' | "'" | 'url' | 'url"' | "url'" | 'line comment' | 'block comment'

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
        if (/[\n\f\r]/.test(letter)) this.state = 'code'
        return 1
      case 'block comment':
        if (!text.startsWith('*/', at)) return 1
        this.state = 'code'
        return 2
      default:
        return this.#string(letter, text.slice(at, at + 2))
    }
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

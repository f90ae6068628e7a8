import { type AttributeKind, attributeKind, unescapeHtml } from './attributes.ts'
import { ScriptScanner } from './script-scanner.ts'
import { StyleScanner } from './style-scanner.ts'
import { UrlScanner } from './url-scanner.ts'

export type PageState = 'text' | 'comment' | 'element' | 'tag' | 'name' | 'after name' | 'before value' | 'attribute'

/** The content of an attribute, script or style, which decides how values in it are escaped. */
export type Content =
  | { readonly kind: 'plain' | 'srcset' }
  | { readonly kind: 'url'; readonly url: UrlScanner }
  | Refresh
  | { readonly kind: 'script'; readonly script: ScriptScanner }
  | { readonly kind: 'style'; readonly style: StyleScanner }

/** The content of a `meta` element, which may hold a URL to go to: `0; url=…`. */
interface Refresh {
  readonly kind: 'refresh'
  readonly url: UrlScanner
  before: string
}

/** Elements whose content holds no tags. */
const special = new Set(['script', 'style', 'textarea', 'title'])

/**
 * Follows the text of a page, so that the place of each value is known. The page may come in parts; values between them
 * are escaped so that they end nothing. Comments are left out, as in Go's html/template.
 */
export class PageScanner {
  state: PageState = 'text'
  content: Content = { kind: 'plain' }
  /** The quote of the attribute; a space for one without quotes. */
  quote = ''
  /** The special element whose content or tag this is. */
  element = ''
  #tagName = ''
  #name = ''
  #type = ''

  /** A value follows: it begins an attribute's value, or is a part of a name. */
  beginValue(): void {
    if (this.state === 'before value') this.#beginAttribute(' ')
    else if (this.state === 'tag' || this.state === 'after name') {
      this.state = 'name'
      this.#name = ''
    }
  }

  endValue(): void {
    // A name that a value is a part of has no special meaning.
    if (this.state === 'name') this.#name += '-'
    if (this.content.kind === 'script') this.content.script.value()
  }

  feed(text: string): string {
    let out = ''
    for (let at = 0; at < text.length; ) {
      const [length, shown] = this.#step(text, at)
      out += shown ?? text.slice(at, at + length)
      at += length
    }
    return out
  }

  /** Handles what stands at a place. Returns its length, and what is shown in its place. */
  #step(text: string, at: number): [length: number, shown?: string] {
    switch (this.state) {
      case 'text':
        return this.#text(text, at)
      case 'comment':
        return this.#comment(text, at)
      case 'element':
        return this.#element(text, at)
      case 'attribute':
        return this.#attribute(text, at)
      default:
        return this.#tag(text, at)
    }
  }

  #text(text: string, at: number): [number, string?] {
    const next = text.indexOf('<', at)
    if (next !== at) return [(next < 0 ? text.length : next) - at]
    if (text.startsWith('<!--', at)) {
      this.state = 'comment'
      return [4, '']
    }
    const tag = /<(\/?)([a-z](?:[a-z\d]|[:-](?=[a-z\d]))*)/iy
    tag.lastIndex = at
    const [opening, end, name = ''] = tag.exec(text) ?? []
    if (!opening) return /^<!doctype/i.test(text.slice(at, at + 9)) ? [1] : [1, '&lt;']
    this.state = 'tag'
    this.#tagName = name.toLowerCase()
    this.element = !end && special.has(this.#tagName) ? this.#tagName : ''
    this.#type = ''
    return [opening.length]
  }

  #comment(text: string, at: number): [number, string?] {
    const end = text.indexOf('-->', at)
    if (end >= 0) this.state = 'text'
    return [end < 0 ? text.length - at : end + 3 - at, '']
  }

  #element(text: string, at: number): [number, string?] {
    const end = new RegExp(`</${this.element}(?=[\\s/>]|$)`, 'gi')
    end.lastIndex = at
    const found = end.exec(text)
    const stop = found ? found.index : text.length
    if (stop > at) return [stop - at, this.#feedContent(text.slice(at, stop))]
    this.state = 'tag'
    this.element = ''
    this.content = { kind: 'plain' }
    return [found?.[0].length ?? 1]
  }

  /** Returns the content as it is shown. */
  #feedContent(text: string): string {
    if (this.content.kind === 'script') return this.content.script.feed(text)
    if (this.content.kind === 'style') return this.content.style.feed(text)
    if (this.content.kind === 'url') this.content.url.feed(text)
    if (this.content.kind === 'refresh') feedRefresh(this.content, text)
    return this.state === 'element' ? text.replaceAll('<', '&lt;') : text
  }

  #tag(text: string, at: number): [number, string?] {
    const letter = text[at] as string
    const isSpace = /\s/.test(letter)
    if (letter === '>' && this.state !== 'before value') return this.#endTag()
    if (this.state === 'before value') {
      if (isSpace) return [1]
      if (letter === '>') return this.#endTag()
      const isQuote = letter === '"' || letter === "'"
      this.#beginAttribute(isQuote ? letter : ' ')
      return isQuote ? [1] : [0]
    }
    if (letter === '=' && this.state !== 'tag') this.state = 'before value'
    else if (isSpace) this.state = this.state === 'tag' ? 'tag' : 'after name'
    else if (letter === '/') this.state = 'tag'
    else {
      this.#name = this.state === 'name' ? this.#name + letter : letter
      this.state = 'name'
    }
    return [1]
  }

  #endTag(): [number] {
    this.state = this.element ? 'element' : 'text'
    this.quote = ''
    this.content = { kind: 'plain' }
    if (this.element === 'script' && isScript(this.#type)) this.content = contentOf('script')
    else if (this.element === 'script') this.state = 'text'
    if (this.element === 'style') this.content = contentOf('style')
    return [1]
  }

  #beginAttribute(quote: string): void {
    this.state = 'attribute'
    this.quote = quote
    const isRefresh = this.#tagName === 'meta' && this.#name.toLowerCase() === 'content'
    this.content = isRefresh
      ? { kind: 'refresh', url: new UrlScanner(), before: '' }
      : contentOf(attributeKind(this.#name))
    if (this.#name.toLowerCase() === 'type') this.#type = ''
  }

  #attribute(text: string, at: number): [number, string?] {
    const end = this.quote === ' ' ? /[\s>]/g : new RegExp(this.quote, 'g')
    end.lastIndex = at
    const stop = end.exec(text)?.index ?? text.length
    if (stop > at) {
      const part = text.slice(at, stop)
      if (this.#name.toLowerCase() === 'type') this.#type += part
      this.#feedContent(unescapeHtml(part))
      return [stop - at]
    }
    const isQuoted = this.quote !== ' '
    this.state = 'tag'
    this.quote = ''
    this.content = { kind: 'plain' }
    this.#name = ''
    return [isQuoted ? 1 : 0]
  }
}

function feedRefresh(content: Refresh, text: string): void {
  const url = /url\s*=\s*["']?(.*)$/is
  const wasUrl = url.test(content.before)
  content.before += text
  const [, part = ''] = url.exec(wasUrl ? `url=${text}` : content.before) ?? []
  content.url.feed(part)
}

/** Whether the text before a value ends within the URL of a `meta` element. */
export function isInRefreshUrl({ before }: Refresh): boolean {
  return /url\s*=/i.test(before)
}

function contentOf(kind: AttributeKind): Content {
  if (kind === 'url') return { kind, url: new UrlScanner() }
  if (kind === 'script') return { kind, script: new ScriptScanner() }
  if (kind === 'style') return { kind, style: new StyleScanner() }
  return { kind: kind === 'srcset' ? 'srcset' : 'plain' }
}

/** Whether an element `script` of this type holds a script; others hold templates or data that is read as HTML. */
function isScript(type: string): boolean {
  const plain = type.toLowerCase().replace(/;.*/s, '').trim()
  return (
    plain === '' ||
    plain === 'module' ||
    /^(application|text)\/(x-)?(java|ecma|j|live)script(1\.\d)?$|json$/.test(plain)
  )
}

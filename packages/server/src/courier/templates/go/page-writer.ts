import * as escapers from './escapers.ts'
import type { PredefinedEscaper, Writer } from './evaluate.ts'
import { jsonText } from './json.ts'
import { type Content, isInRefreshUrl, PageScanner } from './page-scanner.ts'
import type { ScriptState } from './script-scanner.ts'
import type { StyleScanner } from './style-scanner.ts'
import type { UrlScanner } from './url-scanner.ts'
import { printValue, type Value } from './values.ts'

/** Writes a page: escapes each value for its place, as Go's html/template. */
export class PageWriter implements Writer {
  readonly #scanner = new PageScanner()
  readonly #write: (text: string) => void

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  text(text: string): void {
    this.#write(this.#scanner.feed(text))
  }

  value(value: Value, predefined: PredefinedEscaper | undefined): void {
    this.#scanner.beginValue()
    const chain = withPredefined(escapersAt(this.#scanner), predefined)
    this.#scanner.endValue()
    this.#write(chain.reduce<Value>((text, { apply }) => apply(text), value) as string)
  }
}

interface Escaper {
  apply(value: Value): string
  /** The function that does the same for a template's author. */
  readonly same?: PredefinedEscaper
}

const toPage: Escaper = { apply: (value) => escapers.escapePage(showValue(value)), same: 'html' }
const toUrl: Escaper = { apply: (value) => escapers.normalizeUrl(showValue(value)), same: 'urlquery' }
const toQuery: Escaper = { apply: (value) => escapers.escapeUrl(showValue(value)), same: 'urlquery' }
const toNothing: Escaper = { apply: () => '' }
const predefinedEscapers: Record<PredefinedEscaper, Escaper> = {
  html: { apply: (value) => escapers.escapeHtml(showValue(value)) },
  urlquery: { apply: (value) => escapers.escapeUrlQuery(showValue(value)) },
}

function showValue(value: Value): string {
  return value === undefined || value === null ? '' : printValue(value)
}

/** A function that a pipeline ends with takes the place of the one that does the same, so that nothing is done twice. */
function withPredefined(chain: Escaper[], predefined: PredefinedEscaper | undefined): Escaper[] {
  if (!predefined) return chain
  const own = predefinedEscapers[predefined]
  if (!chain.some(({ same }) => same === predefined)) return [own, ...chain]
  return chain.map((escaper) => (escaper.same === predefined ? own : escaper))
}

function escapersAt({ state, content, quote }: PageScanner): Escaper[] {
  switch (state) {
    case 'comment':
      return [toNothing]
    case 'text':
      return [toPage]
    case 'element':
      return content.kind === 'plain' ? [toPage] : contentEscapers(content)
    case 'attribute': {
      const forQuote = quote === ' ' ? { apply: (value: Value) => escapers.escapeUnquoted(showValue(value)) } : toPage
      return [...contentEscapers(content), forQuote]
    }
    default:
      return [{ apply: (value) => escapers.filterName(showValue(value)) }]
  }
}

function contentEscapers(content: Content): Escaper[] {
  switch (content.kind) {
    case 'url':
      return urlEscapers(content.url)
    case 'refresh':
      return isInRefreshUrl(content) ? urlEscapers(content.url) : []
    case 'srcset':
      return [{ apply: (value) => escapers.filterSrcset(showValue(value)) }]
    case 'script':
      return [{ apply: scriptEscaper(content.script.state) }]
    case 'style':
      return styleEscapers(content.style)
    default:
      return []
  }
}

function urlEscapers({ part }: UrlScanner): Escaper[] {
  if (part === 'query') return [toQuery]
  return part === 'path' ? [toUrl] : [{ apply: (value) => escapers.filterUrl(showValue(value)) }, toUrl]
}

function scriptEscaper(state: ScriptState): Escaper['apply'] {
  switch (state) {
    case 'code':
      return scriptValue
    case 'regexp':
      return (value) => escapers.escapeJsRegexp(showValue(value))
    case '`':
      return (value) => escapers.escapeJsTemplate(showValue(value))
    case 'line comment':
    case 'block comment':
      return toNothing.apply
    default:
      return (value) => escapers.escapeJsString(showValue(value))
  }
}

/** JSON, apart from what stands beside it. */
function scriptValue(value: Value): string {
  const text = jsonText(value ?? null, { escapesHtml: true })
  return /^[\w$]|[\w$]$/.test(text) ? ` ${text} ` : text
}

function styleEscapers({ state, url }: StyleScanner): Escaper[] {
  if (state === 'code') return [{ apply: (value) => escapers.filterCss(showValue(value)) }]
  if (state.endsWith('comment')) return [toNothing]
  if (state.startsWith('url') || url.part === 'query') return urlEscapers(url)
  const toCss = { apply: (value: Value) => escapers.escapeCss(showValue(value)) }
  return url.part === 'start' ? [{ apply: (value: Value) => escapers.filterUrl(showValue(value)) }, toCss] : [toCss]
}

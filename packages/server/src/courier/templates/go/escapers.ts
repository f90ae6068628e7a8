import { attributeKind } from './attributes.ts'

/** Stands for a value that must not be where the template puts it, as in Go's html/template. */
export const refused = 'ZgotmplZ'

type Table = Readonly<Record<string, string>>

function replacer(table: Table): (text: string) => string {
  const letters = Object.keys(table).map((letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)
  const pattern = new RegExp(`[${letters.join('')}]`, 'gu')
  return (text) => text.replace(pattern, (letter) => table[letter] as string)
}

const html: Table = { '\0': '\ufffd', '"': '&#34;', '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;' }

/** Go's function `html`. */
export const escapeHtml = replacer(html)
/** Text and quoted attributes of a page; `+` is escaped for readers that guess UTF-7. */
export const escapePage = replacer({ ...html, '+': '&#43;' })

const spaces = Object.fromEntries([...'\t\n\v\f\r =`'].map((one) => [one, `&#${one.charCodeAt(0)};`]))
const escapeSpaces = replacer({ ...html, ...spaces, '+': '&#43;', '\0': '&#xfffd;' })

/** An attribute without quotes. */
export const escapeUnquoted = (text: string) => (text === '' ? refused : escapeSpaces(text))

const hex = (letters: string): Table =>
  Object.fromEntries([...letters].map((one) => [one, `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`]))

const controls =
  '\0\x01\x02\x03\x04\x05\x06\x07\b\v\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f'
const named: Table = { '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '/': '\\/', '\\': '\\\\' }

/** A string of JavaScript, in either quotes. */
export const escapeJsString = replacer({ ...hex(`${controls}"\`&'+<>\u2028\u2029`), ...named })
export const escapeJsTemplate = replacer({ ...hex(`${controls}"\`&'+<>\u2028\u2029\${}`), ...named })

const ofRegexp = Object.fromEntries([...'$()*-.?[]^{|}'].map((one) => [one, `\\${one}`]))
const escapeRegexpLetters = replacer({ ...hex(`${controls}"\`&'+<>\u2028\u2029`), ...named, ...ofRegexp })

export const escapeJsRegexp = (text: string) => escapeRegexpLetters(text) || '(?:)'

const ofJs = { ...hex(controls), ...hex('\t\n\f\r'), '\\': '\\\\', "'": "\\'", '"': '\\"' }
const upperHex = Object.fromEntries(
  [...'<>&='].map((one) => [one, `\\u00${one.charCodeAt(0).toString(16).toUpperCase()}`]),
)

/** Go's function `js`. */
export const escapeJs = replacer({ ...ofJs, ...upperHex })

const percentEncoded = (letter: string) => Buffer.from(letter).toString('hex').replace(/../g, '%$&')

/** Go's function `urlquery`: a query parameter, with `+` for spaces. */
export function escapeUrlQuery(text: string): string {
  return text.replace(/[^\w\-.~]/gu, (letter) => (letter === ' ' ? '+' : percentEncoded(letter).toUpperCase()))
}

/** A part of a URL behind `?` or `#`: everything but letters, digits and `-._~` is encoded. */
export function escapeUrl(text: string): string {
  return text.replace(/[^\w\-.~]/gu, percentEncoded)
}

/** A URL as such: reserved characters stay, and so does what is encoded already. */
export function normalizeUrl(text: string): string {
  return text.replace(/%(?![\da-fA-F]{2})|[^\w!#$&*+,/:;=?@[\]\-.~%]/gu, percentEncoded)
}

/** Only URLs without a scheme, http, https and mailto; others could run scripts. */
export function filterUrl(url: string): string {
  const [, scheme] = /^([^:/]*):/.exec(url) ?? []
  return scheme === undefined || /^(https?|mailto)$/i.test(scheme) ? url : `#${refused}`
}

/** The images of a `srcset`: URLs with an optional size. */
export function filterSrcset(text: string): string {
  return text
    .split(',')
    .map((image) => {
      const [, before = '', url = '', size = '', after = ''] = /^(\s*)(\S*)((?:\s+[\w.]+)*)(\s*)$/.exec(image) ?? []
      if (url === '' || filterUrl(url) !== url) return `#${refused}`
      return `${before}${normalizeUrl(url).replaceAll(',', '%2c')}${size}${after}`
    })
    .join(',')
}

/** A name of an attribute: one that has no special meaning. */
export function filterName(name: string): string {
  return /^[a-z\d]+$/i.test(name) && attributeKind(name) === 'plain' ? name.toLowerCase() : refused
}

const inCss = Object.fromEntries(
  [...'\0\t\n\f\r"&\'()+/:;<>{}'].map((one) => [one, `\\${one.charCodeAt(0).toString(16)}`]),
)

/** A string of a style sheet. A space ends an escape that would go on with what follows. */
export function escapeCss(text: string): string {
  return text.replace(/[\0\t\n\f\r"&'()+/:;<>{}\\]/g, (letter, at: number) => {
    if (letter === '\\') return '\\\\'
    return `${inCss[letter]}${/^[\da-fA-F\s]?$/.test(text[at + 1] ?? '') ? ' ' : ''}`
  })
}

/** A value of a style: words, numbers, colours and lengths. */
export function filterCss(text: string): string {
  if (/[\0"'()/;@[\\\]`{}<>]|--/.test(text)) return refused
  return /expression|mozbinding/i.test(text.replace(/[^\w-]|-/g, '')) ? refused : text
}

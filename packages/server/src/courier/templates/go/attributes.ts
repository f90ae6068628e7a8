export type AttributeKind = 'plain' | 'url' | 'srcset' | 'script' | 'style' | 'unsafe'

const urls = new Set(
  'action archive background cite classid codebase data formaction href icon longdesc manifest poster profile src usemap xmlns'.split(
    ' ',
  ),
)

/** Attributes that change how a page is loaded, sent or read. */
const unsafe = new Set(
  'accept-charset async challenge charset crossorigin defer enctype form formenctype formmethod formnovalidate http-equiv content keytype language method nonce novalidate pattern placeholder radiogroup readonly rel required sandbox srcdoc target type value'.split(
    ' ',
  ),
)

/** What the value of an attribute is, by the attribute's name, as in Go's html/template. */
export function attributeKind(attribute: string): AttributeKind {
  let name = attribute.toLowerCase()
  if (name.startsWith('data-')) name = name.slice(5)
  else if (name.includes(':')) {
    const [namespace = '', rest = ''] = name.split(/:(.*)/s)
    if (namespace === 'xmlns') return 'url'
    name = rest
  }
  if (urls.has(name)) return 'url'
  if (name === 'srcset' || name === 'imagesrcset') return 'srcset'
  if (name === 'style') return 'style'
  if (unsafe.has(name)) return 'unsafe'
  if (name.startsWith('on')) return 'script'
  // Such names are given to attributes of frameworks and of data that hold URLs.
  return /src|uri|url/.test(name) ? 'url' : 'plain'
}

const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\xa0', tab: '\t', newline: '\n', colon: ':', sol: '/' },
  ...{
    quest: '?',
    num: '#',
    lpar: '(',
    rpar: ')',
    semi: ';',
    excl: '!',
    percnt: '%',
    bsol: '\\',
    grave: '`',
    comma: ',',
  },
}

/** Resolves the character references in a part of an attribute. */
export function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{2,7}));?/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      if (name) return named[name.toLowerCase()] ?? all
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
      return code <= 0x10ffff && code > 0 ? String.fromCodePoint(code) : '\ufffd'
    },
  )
}

import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether a certificate has a subject, which is given as text (RFC 4514): the last relative name comes first. */
export function hasSubject({ subject }: X509Certificate, expected: string): boolean {
  // Node writes one relative name a line, the first one first, with the escapes of RFC 2253.
  const own = (subject ?? '').split('\n').reverse().map(relativeName)
  const wanted = splitUnescaped(expected, ',').map(relativeName)
  return own.length === wanted.length && own.every((name, index) => name !== '' && name === wanted[index])
}

/** A relative name in a form in which equal ones are the same text. */
function relativeName(text: string): string {
  const parts = splitUnescaped(text, '+').map((part) => {
    const equals = part.indexOf('=')
    if (equals <= 0) return ''
    const value = unescapeValue(part.slice(equals + 1).trim())
    return JSON.stringify([part.slice(0, equals).trim().toUpperCase(), value])
  })
  return parts.includes('') ? '' : parts.sort().join('+')
}

/** Single characters, and bytes in hexadecimal digits (RFC 4514, section 2.4). */
function unescapeValue(text: string): string {
  const bytes = text.replace(/((?:\\[\da-f]{2})+)|\\(.)/gi, (_, hex?: string, character?: string) =>
    hex === undefined ? (character ?? '') : Buffer.from(hex.replaceAll('\\', ''), 'hex').toString('utf8'),
  )
  return bytes
}

function splitUnescaped(text: string, separator: ',' | '+'): string[] {
  const parts = ['']
  for (const [token] of text.matchAll(/\\.|./gs)) {
    if (token === separator) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}

const labels = { dns: 'DNS', uri: 'URI', ip: 'IP Address', email: 'email' } as const

/** Whether a certificate names something among its alternative names (RFC 5280, section 4.2.1.6), which is compared exactly. */
export function hasAlternativeName(
  { subjectAltName }: X509Certificate,
  kind: keyof typeof labels,
  expected: string,
): boolean {
  const wanted = normalName(kind, expected)
  // Node quotes names with special characters as JSON strings.
  const names = (subjectAltName ?? '').matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)
  for (const [, label, text = ''] of names) {
    if (label !== labels[kind]) continue
    const name: string = text.startsWith('"') ? JSON.parse(text) : text
    if (normalName(kind, name) === wanted) return true
  }
  return false
}

function normalName(kind: keyof typeof labels, name: string): string {
  if (kind === 'dns') return name.toLowerCase()
  return kind === 'ip' && isIP(name) ? ipaddr.process(name).toNormalizedString() : name
}

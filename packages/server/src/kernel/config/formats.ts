import { X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

const encoded = '/ # ? % and @ are percent-encoded'

/** The formats of texts in configuration schemas. */
export const formats: Readonly<Record<string, { check: RegExp | ((text: string) => boolean); expected: string }>> = {
  uri: { check: (text) => isUri(text, hostName), expected: 'an absolute URL with a possible host and port' },
  'uri-reference': { check: (text) => isReference(text, hostName), expected: 'a URL with a possible host and port' },
  'uri-pattern': { check: (text) => isUri(text, hostPattern), expected: 'an absolute URL' },
  'uri-reference-pattern': { check: (text) => isReference(text, hostPattern), expected: 'a URL' },
  'smtp-uri': {
    check: isSmtpUri,
    expected: `smtp:// or smtps:// and a host; in the user name and the password, ${encoded}`,
  },
  dsn: { check: isDsn, expected: `a DSN with a possible host and port; in the user name and the password, ${encoded}` },
  email: { check: /^[^\s@]+@[^\s@]+$/, expected: 'an email address' },
  uuid: { check: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, expected: 'a UUID' },
  'address-range': {
    check: (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    expected: 'an address or a range such as 10.0.0.0/8',
  },
  certificate: { check: isCertificate, expected: 'a certificate in PEM' },
  hostname: {
    check: /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/,
    expected: 'a host name',
  },
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text)
    return text.includes('-----BEGIN CERTIFICATE-----')
  } catch {
    return false
  }
}

/** Names of this machine and of containers may have underscores, which the DNS does not allow. */
const hostName = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u
const hostPattern = /^[\p{L}\p{M}\p{N}_*-]+(\.[\p{L}\p{M}\p{N}_*-]+)*\.?$/u

const brokenEscape = /%(?![0-9a-fA-F]{2})/

interface Parts {
  scheme: string
  /** Undefined if there are no two slashes. */
  authority: string | undefined
  /** Path, query and fragment. */
  rest: string
}

/** Splits an absolute URL (RFC 3986, appendix B). */
function split(text: string): Parts | undefined {
  const [, scheme, , authority, rest] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(\/\/([^/?#]*))?(\S*)$/.exec(text) ?? []
  return scheme === undefined ? undefined : { scheme: scheme.toLowerCase(), authority, rest: rest ?? '' }
}

function isUri(text: string, host: RegExp): boolean {
  const parts = split(text)
  if (!parts) return false
  // Other schemes, such as those of apps, give the authority a meaning of their own.
  if (parts.scheme !== 'http' && parts.scheme !== 'https') return true
  return isAuthority(parts.authority, host) && !brokenEscape.test(text)
}

function isReference(text: string, host: RegExp): boolean {
  if (/[\s\\]/.test(text)) return false
  if (text.startsWith('//')) return isUri(`https:${text}`, host)
  return split(text) ? isUri(text, host) : true
}

function isAuthority(authority: string | undefined, host: RegExp): boolean {
  const [, name = '', port = ''] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:@]*)(?::(\d*))?$/.exec(authority ?? '') ?? []
  if (Number(port) > 65_535) return false
  return name.startsWith('[') ? isIPv6(name.slice(1, -1)) : host.test(name)
}

/** In user name and password, `/`, `?` and `#` would end the host, and `@` would begin it. */
function isSmtpUri(text: string): boolean {
  const parts = split(text)
  if (!parts || !/^smtps?$/.test(parts.scheme)) return false
  return isAuthority(parts.authority, hostName) && /^\/?(\?[^#@]*)?$/.test(parts.rest) && !brokenEscape.test(text)
}

function isDsn(text: string): boolean {
  const parts = split(text)
  if (!parts || !/^postgres(ql)?$/.test(parts.scheme)) return true
  const { authority, rest } = parts
  // Without an authority, the host is a parameter.
  const isPossible = authority === '' || isAuthority(authority, hostName)
  return isPossible && !rest.includes('@') && !brokenEscape.test(text)
}

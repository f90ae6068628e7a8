/** Attributes of a Set-Cookie header (RFC 6265, section 4.1). */
export interface CookieOptions {
  path: string
  domain?: string
  secure: boolean
  sameSite: 'Lax' | 'Strict' | 'None'
  /** In seconds; undefined: session cookie; 0: delete the cookie. */
  maxAgeSeconds?: number
  /** The current time; if given, the cookie also has an `Expires` attribute. */
  nowMs?: number
}

/** A Set-Cookie header value; always HttpOnly. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { path, domain, secure, sameSite, maxAgeSeconds } = options
  let line = `${name}=${value}; Path=${path}`
  if (domain) line += `; Domain=${domain}`
  if (maxAgeSeconds !== undefined) {
    line += `${expiry(maxAgeSeconds, options.nowMs)}; Max-Age=${maxAgeSeconds}`
  }
  return `${line}; HttpOnly${secure ? '; Secure' : ''}; SameSite=${sameSite}`
}

function expiry(maxAgeSeconds: number, nowMs: number | undefined): string {
  if (maxAgeSeconds === 0) return `; Expires=${new Date(0).toUTCString()}`
  return nowMs === undefined ? '' : `; Expires=${new Date(nowMs + maxAgeSeconds * 1000).toUTCString()}`
}

/** The maximum number of values of one name. Each can cost a look-up. */
const mostValues = 8

/**
 * The values of a cookie in a Cookie header, in their order. There are several if cookies with other paths or domains
 * have the same name (RFC 6265, section 5.4), and any of them can be the valid one.
 */
export function readCookies(header: string | undefined, name: string): string[] {
  const values: string[] = []
  if (!header) return values
  let from = 0
  while (from < header.length && values.length < mostValues) {
    const end = header.indexOf(';', from)
    const part = header.slice(from, end === -1 ? undefined : end).trim()
    if (part.startsWith(name) && part.charCodeAt(name.length) === 61) values.push(unquote(part.slice(name.length + 1)))
    if (end === -1) break
    from = end + 1
  }
  return values
}

/** The names of the cookies in a Cookie header. */
export function cookieNames(header: string | undefined): string[] {
  const parts = (header ?? '').split(';').map((part) => part.trim())
  return parts.filter(Boolean).map((part) => part.split('=', 1)[0] as string)
}

/** The cookies of a Cookie header by name; of several with one name the last one, as in Go. */
export function cookieValues(header: string | undefined): Record<string, string> {
  const names = [...new Set(cookieNames(header))]
  return Object.fromEntries(names.map((name) => [name, readCookies(header, name).at(-1) ?? '']))
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

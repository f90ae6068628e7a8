/** Parts of a URI that count where URIs are compared. */
export interface ParsedUri {
  readonly scheme: string
  readonly host: string
  readonly port: string
  readonly path: string
}

/** Parses a URI or an absolute path, as Go's url.ParseRequestURI does; undefined for anything else. */
export function parseRequestUri(text: string): ParsedUri | undefined {
  if (!/^[!-~\u0080-\uffff]+$/.test(text)) return undefined
  if (text.startsWith('/')) return { scheme: '', host: '', port: '', path: text }
  if (!/^[a-z][a-z\d+.-]*:/i.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname } = new URL(text)
  return { scheme: protocol.slice(0, -1), host: hostname, port, path: pathname }
}

/** Whether a host is the machine itself (RFC 8252, section 7.3). */
export function isLoopback(hostname: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]' || hostname === '::1'
}

export function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(hostname)
}

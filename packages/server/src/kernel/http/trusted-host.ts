import { isIP } from 'node:net'

/**
 * Whether a Host header can only come from this server's own pages: the local machine, a bare IP address or the
 * configured host. In a DNS rebinding attack, a foreign host name resolves to this machine, but the header still
 * carries that foreign name.
 */
export function isTrustedHost(host: string | undefined, baseUrl: string): boolean {
  const address = `http://${host ?? ''}`
  if (!host || !URL.canParse(address)) return false
  const { hostname } = new URL(address)
  const own = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : ''
  return (
    hostname === own ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  )
}

/** Whether an address of a peer or listener is of this machine only. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address) || address === 'localhost'
}

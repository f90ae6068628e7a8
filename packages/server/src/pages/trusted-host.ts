import { isIP } from 'node:net'

/**
 * Whether a Host header is one that only this server's own pages can have sent: this machine, a bare IP address or the
 * configured host. A foreign site can point its own name at this machine (DNS rebinding), but then its name is the host.
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

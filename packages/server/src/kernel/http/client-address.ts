import { isIP } from 'node:net'

/**
 * The IP address in an element of `X-Forwarded-For`, without the port that some proxies append (`192.0.2.1:4711`,
 * `[2001:db8::1]:4711`). Undefined if there is none, as in `unknown` (RFC 7239, section 6.2).
 */
export function forwardedAddress(element: string): string | undefined {
  if (isIP(element)) return element
  const [, inBrackets, withPort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(element.trim()) ?? []
  const address = inBrackets ?? withPort ?? element.trim()
  return isIP(address) ? address : undefined
}

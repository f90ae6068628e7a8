import { X509Certificate } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { invalidRequest } from '../errors.ts'

/** Longer headers are no certificates of clients. */
const maxLength = 16 << 10

/**
 * The certificate with which the client of a request was connected: that of the connection itself, or the one that a
 * trusted proxy names in the configured header. The header does not count from anybody else.
 * @throws invalid_request if a trusted proxy names something else
 */
export function certificateOf({ config }: Context, call: Call): X509Certificate | undefined {
  const { enabled, certificate_header: header, trusted_proxies: proxies } = config.oauth2.oauth2.mtls
  if (!enabled) return undefined
  const text = call.header(header) ?? ''
  if (text === '' || !isAmong(call.peer, proxies)) return call.peerCertificate
  const certificate = text.length > maxLength ? undefined : parseHeader(text)
  if (!certificate) throw invalidRequest('The certificate of the client could not be read.')
  return certificate
}

/** The claim `x5t#S256` (section 3.1 there). */
export function thumbprintOf({ fingerprint256 }: X509Certificate): string {
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}

function isAmong(peer: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(peer)) return false
  const address = ipaddr.process(peer)
  return ranges.some((range) => {
    const [network, bits] = ipaddr.isValidCIDR(range) ? ipaddr.parseCIDR(range) : [ipaddr.process(range), undefined]
    if (network.kind() !== address.kind()) return false
    return address.match(network, bits ?? (network.kind() === 'ipv4' ? 32 : 128))
  })
}

/** `:BASE64:` of the DER form (RFC 9440), or PEM in percent-encoding, as proxies write it. */
function parseHeader(text: string): X509Certificate | undefined {
  const [, base64] = /^:([\w+/=]+):$/.exec(text) ?? []
  try {
    return new X509Certificate(base64 === undefined ? decodeURIComponent(text) : Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}

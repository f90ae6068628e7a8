import ipaddr, { type IPv6 } from 'ipaddr.js'

/** A network that requests are counted for. A shared one has many subscribers, so that it has a larger limit. */
export interface ClientNetwork {
  network: string
  isShared: boolean
}

/**
 * The networks of a client: an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber has, and the
 * /48 around it, which some subscribers have. An address that is not of the Internet is the address of a proxy whose
 * clients are unknown, so it is shared. With `isPeer`, the address is that of a proxy, too.
 */
export function clientNetworks(address: string, isPeer = false): ClientNetwork[] {
  if (!ipaddr.isValid(address)) return [{ network: 'unknown', isShared: true }]
  const parsed = embeddedIpv4(ipaddr.process(address))
  const isShared = isPeer || parsed.range() !== 'unicast'
  if (parsed.kind() === 'ipv4') return [{ network: parsed.toString(), isShared }]
  const [subscriber, site] = [64, 48].map((bits) => prefix(parsed as IPv6, bits)) as [string, string]
  if (isShared) return [{ network: subscriber, isShared }]
  return [
    { network: subscriber, isShared },
    { network: site, isShared: true },
  ]
}

/** The IPv4 address in an address of 6to4 (RFC 3056), NAT64 (RFC 6052), or Teredo (RFC 4380); otherwise the address. */
function embeddedIpv4(address: ReturnType<typeof ipaddr.process>): ReturnType<typeof ipaddr.process> {
  const bytes = address.toByteArray()
  const range = address.range()
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6))
  if (range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12))
  if (range === 'teredo') return ipaddr.fromByteArray(bytes.slice(12).map((byte) => byte ^ 0xff))
  return address
}

function prefix(address: IPv6, bits: number): string {
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`
}

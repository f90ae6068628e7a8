/**
 * An address as somebody sees it who has not proven to know it: the beginning of a mailbox with its domain, or the
 * beginning and the end of a phone number. Unlike in Kratos, short ones are not shown in full.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at >= 0) {
    const local = [...address.slice(0, at)]
    return `${local.slice(0, local.length > 2 ? 2 : 1).join('')}****${address.slice(at)}`
  }
  const characters = [...address]
  if (characters.length < 8) return `****${characters.slice(-2).join('')}`
  return `${characters.slice(0, 3).join('')}****${characters.slice(-2).join('')}`
}

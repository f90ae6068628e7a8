import Negotiator from 'negotiator'

const maxHeaderLength = 1000

/**
 * The language of a response, by the `Accept-Language` header (RFC 9110, section 12.5.4). Regions are ignored; the first
 * of `available` is the fallback.
 */
export function preferredLanguage<L extends string>(header: string | undefined, available: readonly L[]): L {
  const [fallback] = available
  if (fallback === undefined) throw new Error('no language is available')
  if (!header) return fallback
  const headers = { 'accept-language': header.slice(0, maxHeaderLength) }
  return (new Negotiator({ headers }).language([...available]) as L | undefined) ?? fallback
}

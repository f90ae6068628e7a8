import { type Client, isPublic } from '../clients/client.ts'
import { invalidGrant } from '../errors.ts'
import type { Confirmation, Grant } from './grant.ts'

/** The same grant, bound to what the holder of its tokens proved, or to nothing. */
export function bindGrant({ confirmation: _, ...grant }: Grant, confirmation: Confirmation | undefined): Grant {
  return confirmation ? { ...grant, confirmation } : grant
}

/**
 * Requires the key or certificate that a refresh token is bound to. Those of public clients are bound to that of the first request; other
 * clients authenticate, and may change their key (RFC 9449, section 5; RFC 8705,
 * section 4). @throws invalid_grant
 */
export function requireSameKey(client: Client, { confirmation }: Grant, proven: Confirmation | undefined): void {
  const isMissing = (['jkt', 'x5t#S256'] as const).some(
    (name) => confirmation?.[name] !== undefined && confirmation[name] !== proven?.[name],
  )
  if (!isPublic(client) || !isMissing) return
  throw invalidGrant('The refresh token is bound to a key that the request does not prove.')
}

/** The type of an access token in responses; `bearer` as Hydra writes it. */
export function tokenTypeOf({ confirmation }: Grant): 'DPoP' | 'bearer' {
  return confirmation?.jkt === undefined ? 'bearer' : 'DPoP'
}

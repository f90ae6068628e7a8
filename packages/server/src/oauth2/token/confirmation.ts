import { type Client, isPublic } from '../clients/client.ts'
import { invalidGrant } from '../errors.ts'
import type { Grant } from './grant.ts'

/** What the holder of a token must prove: the claim `cnf` (RFC 7800). */
export interface Confirmation {
  /** The thumbprint of a key (RFC 9449, section 6.1). */
  readonly jkt?: string
  /** The SHA-256 thumbprint of a certificate (RFC 8705, section 3.1). */
  readonly 'x5t#S256'?: string
}

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

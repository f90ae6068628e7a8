import type { Context } from '../../kernel/context.ts'
import { type Client, isPublic } from '../clients/client.ts'
import { invalidRequest } from '../errors.ts'

/** Whether a code challenge is what the server accepts, or may be missing (RFC 7636, section 4.4.1). */
export function checkCodeChallenge(
  { config }: Context,
  client: Client,
  { challenge, method }: { challenge: string; method: string },
): void {
  const { enforced, enforced_for_public_clients: enforcedForPublic } = config.oauth2.oauth2.pkce
  if (challenge === '') {
    if (enforced || (enforcedForPublic && isPublic(client)))
      throw invalidRequest('The client must send a code_challenge (PKCE).')
    return
  }
  if (method !== 'S256') throw invalidRequest('The code_challenge_method must be S256.')
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Client } from '../clients/client.ts'
import { invalidRequest } from '../errors.ts'
import type { Confirmation, Grant } from '../token/grant.ts'
import { certificateOf, thumbprintOf } from './certificate.ts'

/**
 * The certificate that tokens of a request are bound to, if the client wants it (RFC 8705, section 3).
 * @throws invalid_request if it presents none
 */
export function certificateToBind(
  ctx: Context,
  call: Call,
  client: Client,
): Pick<Confirmation, 'x5t#S256'> | undefined {
  if (!client.metadata.tls_client_certificate_bound_access_tokens) return undefined
  const certificate = certificateOf(ctx, call)
  if (!certificate)
    throw invalidRequest('The client gets only tokens that are bound to its certificate, and has presented none.')
  return { 'x5t#S256': thumbprintOf(certificate) }
}

/** Requires the certificate that an access token is bound to; of other tokens nothing. @throws 401 with a challenge */
export function requireCertificateOfToken(ctx: Context, call: Call, { confirmation }: Grant): void {
  const expected = confirmation?.['x5t#S256']
  if (expected === undefined) return
  const certificate = certificateOf(ctx, call)
  if (certificate && thumbprintOf(certificate) === expected) return
  const reason = 'The access token is bound to another certificate.'
  const challenge = `Bearer error="invalid_token",error_description="${reason}"`
  throw new ApiError(401, { id: 'invalid_token', reason, headers: { 'www-authenticate': challenge } })
}

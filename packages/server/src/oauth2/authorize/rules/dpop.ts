import { invalidRequest, unauthorizedClient } from '../../errors.ts'
import { type AuthorizationDraft, clientOf, parameter } from '../request.ts'

/** RFC 9449, section 10. Tokens from this endpoint come without a proof or certificate, so that they cannot be bound. */
export function checkDpop(draft: AuthorizationDraft): void {
  const { dpop_bound_access_tokens: needsKey, tls_client_certificate_bound_access_tokens: needsCertificate } =
    clientOf(draft).metadata
  if (draft.responseTypes.includes('token') && (needsKey || needsCertificate))
    throw unauthorizedClient('The client gets only bound tokens, and those not from here.')
  const thumbprint = dpopKeyOf(draft)
  if (thumbprint !== undefined && !/^[\w-]{43}$/.test(thumbprint))
    throw invalidRequest('The dpop_jkt must be the SHA-256 thumbprint of a key.')
}

/** The thumbprint of the only key that may redeem the code, if the request names one. */
export function dpopKeyOf(draft: Pick<AuthorizationDraft, 'ctx' | 'parameters'>): string | undefined {
  if (!draft.ctx.config.oauth2.oauth2.dpop.enabled) return undefined
  return parameter(draft, 'dpop_jkt') || undefined
}

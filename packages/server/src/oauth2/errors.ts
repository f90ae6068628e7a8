import { ApiError, type ErrorCode } from '@latchkey/api'

/** An error of the protocol, by its code in the registry of RFC 6749, section 11.4. */
function protocolError(id: string, code: ErrorCode = 400) {
  return (reason: string, headers?: Record<string, string>): ApiError =>
    new ApiError(code, { id, reason, ...(headers && { headers }) })
}

// RFC 6749, sections 4.1.2.1 and 5.2.
export const invalidRequest = protocolError('invalid_request')
export const invalidClient = protocolError('invalid_client', 401)
export const invalidGrant = protocolError('invalid_grant')
export const unauthorizedClient = protocolError('unauthorized_client')
export const invalidScope = protocolError('invalid_scope')
export const accessDenied = protocolError('access_denied', 403)
export const unsupportedResponseType = protocolError('unsupported_response_type')
export const serverError = protocolError('server_error', 500)

// OpenID Connect Core 1.0, section 3.1.2.6.
export const loginRequired = protocolError('login_required')
export const consentRequired = protocolError('consent_required')
export const invalidRequestUri = protocolError('invalid_request_uri')
export const invalidRequestObject = protocolError('invalid_request_object')
export const registrationNotSupported = protocolError('registration_not_supported')

// RFC 7591, section 3.2.2.
export const invalidRedirectUri = protocolError('invalid_redirect_uri')
export const invalidClientMetadata = protocolError('invalid_client_metadata')

// RFC 8707, section 2.
export const invalidTarget = protocolError('invalid_target')

// RFC 9449, section 12.2.
export const invalidDpopProof = protocolError('invalid_dpop_proof')
export const useDpopNonce = protocolError('use_dpop_nonce')

// RFC 8628, section 3.5.
export const authorizationPending = protocolError('authorization_pending')
export const expiredToken = protocolError('expired_token')

// Codes of Hydra.
export const requestForbidden = protocolError('request_forbidden', 403)
export const requestUnauthorized = protocolError('request_unauthorized', 401)
export const invalidState = protocolError('invalid_state')
export const insufficientEntropy = protocolError('insufficient_entropy')
export const unsupportedResponseMode = protocolError('unsupported_response_mode')
export const scopeNotGranted = protocolError('scope_not_granted', 403)
export const knownJwtId = protocolError('jti_known')

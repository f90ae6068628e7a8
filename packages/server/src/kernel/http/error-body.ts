import type { ApiError, ErrorStyle } from '@latchkey/api'

/** The response body of an error. */
export function errorBody(error: ApiError, style: ErrorStyle = 'ory'): object {
  return byStyle[style](error)
}

const byStyle: Record<ErrorStyle, (error: ApiError) => object> = { ory: (error) => error, oauth2, scim }

/** RFC 6749, section 5.2. */
function oauth2(error: ApiError): object {
  const { httpStatus: status, content, reason, message } = error
  return { error: content.id ?? oauth2Codes[status] ?? 'invalid_request', error_description: reason ?? message }
}

const oauth2Codes: Partial<Record<number, string>> = {
  401: 'invalid_client',
  403: 'access_denied',
  500: 'server_error',
  502: 'server_error',
  503: 'temporarily_unavailable',
}

/** RFC 7644, section 3.12: the status is a string. */
function scim({ httpStatus: status, reason, message }: ApiError): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: reason ?? message,
    ...(status === 409 && { scimType: 'uniqueness' }),
  }
}

import type { ApiError, ErrorStyle } from '@latchkey/api'

/** The response body of an error. */
export function errorBody(error: ApiError, style: ErrorStyle = 'ory'): object {
  return byStyle[style](error)
}

const byStyle: Record<ErrorStyle, (error: ApiError) => object> = { ory: (error) => error, oauth2, scim }

/** RFC 6749, section 5.2. Like Hydra, errors without an OAuth2 code have a sentence in its place. */
function oauth2({ content, message, reason }: ApiError): object {
  return { error: content.id ?? message, error_description: reason ?? '' }
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

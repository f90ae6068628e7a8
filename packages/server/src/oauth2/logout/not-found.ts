import { ApiError } from '@latchkey/api'

/** As in Hydra, the description is empty when a request that does not exist is accepted or read. */
export function logoutNotFound(reason?: string): ApiError {
  return ApiError.notFound({ message: 'The logout request was not found.', ...(reason !== undefined && { reason }) })
}

import { ApiError, type UiText, uiText } from '@latchkey/api'
import type { Flow } from '../../flows/flow.ts'

export function tooManyCodes(): UiText {
  return uiText(4000001, { reason: 'There were too many wrong codes. Please begin anew.' })
}

/** The 410 of a code that ran out before its flow. */
export function expiredCode(flow: Flow): ApiError {
  return ApiError.flowExpired({ expiredAt: new Date(flow.expiresAt), sinceMs: 0, useFlowId: flow.id })
}

import { ApiError, uiText } from '@latchkey/api'
import { type Flow, FlowError } from '../flow/flow.ts'
import type { SubmissionContext } from '../method.ts'

/** The error for an exceeded limit: 429 for apps and scripts, a message on the form for browsers. */
export function limitExceeded({ request, flow }: SubmissionContext, seconds: number, reason: string): Error {
  if (flow.type === 'api' || request.wantsJson) return ApiError.tooManyRequests(seconds, { reason })
  return new FlowError({ messages: [uiText(4000001, { reason })], keepsForm: isSent(flow) })
}

const isSent = ({ state }: Flow) => state === 'sent_email' || state === 'recovery_awaiting_code'

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, redirect, type TextReply, toApiError } from '../../kernel/http/index.ts'
import { UnavailableError } from '../../kernel/unavailable.ts'
import { type ErrorOrigin, storeFlowError } from '../errors/store.ts'
import type { Flow } from '../flow/flow.ts'
import { flowOfCall } from '../flow/flow-of-call.ts'
import { noteError } from '../flow/steps.ts'
import { errorPageUrl } from '../flow/urls.ts'

/** Sends a browser to the page that shows an error. Apps and scripts get the error itself, as every operation gives it. */
export async function errorReply(ctx: Context, call: Call, error: unknown, type?: Flow['type']): Promise<TextReply> {
  if (type === 'api' || call.wantsJson || isTemporary(error)) throw error
  return redirect(
    errorPageUrl(ctx, await storeFlowError(ctx, toApiError(ctx.log, error, call), originOf(ctx, call, error))),
  )
}

/** The flow of the request, with the error as its last step: that of one that was begun is not stored elsewhere. */
function originOf(ctx: Context, call: Call, error: unknown): ErrorOrigin {
  const flow = flowOfCall(call)
  if (!flow) return { request: call.id }
  const { id, name, type, issuedAt, expiresAt } = flow
  if (flow.steps?.list.at(-1)?.[1] !== 'failed') noteError(ctx, flow, error)
  return { request: call.id, flow: { ...{ id, name, type, issuedAt, expiresAt }, steps: flow.steps?.list ?? [] } }
}

/** Whether the request can be repeated soon. The status and Retry-After say so; a redirect to a page would hide them. */
function isTemporary(error: unknown): boolean {
  return error instanceof UnavailableError || (error instanceof ApiError && error.httpStatus === 503)
}

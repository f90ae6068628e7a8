import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, redirect, type TextReply, toApiError } from '../../kernel/http/index.ts'
import { UnavailableError } from '../../kernel/unavailable.ts'
import { storeFlowError } from '../errors/store.ts'
import type { Flow } from '../flow/flow.ts'
import { errorPageUrl } from '../flow/urls.ts'

/** Sends a browser to the page that shows an error. Apps and scripts get the error itself, as every operation gives it. */
export async function errorReply(ctx: Context, call: Call, error: unknown, type?: Flow['type']): Promise<TextReply> {
  if (type === 'api' || call.wantsJson || isTemporary(error)) throw error
  return redirect(errorPageUrl(ctx, await storeFlowError(ctx, toApiError(ctx.log, error, call))))
}

/** Whether the request can be repeated soon. The status and Retry-After say so; a redirect to a page would hide them. */
function isTemporary(error: unknown): boolean {
  return error instanceof UnavailableError || (error instanceof ApiError && error.httpStatus === 503)
}

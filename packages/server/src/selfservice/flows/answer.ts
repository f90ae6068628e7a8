import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, json, type Reply, redirect } from '../../kernel/http/index.ts'
import { storeFlowError } from '../errors/store.ts'
import { errorPageUrl } from './urls.ts'

/** Whether an answer is read by a program: an app, or a script of a page. */
export function speaksJson(call: Call, type: 'api' | 'browser' | undefined): boolean {
  return type === 'api' || call.wantsJson
}

/** Sends a browser on, and tells a script where it would have gone. */
export async function answerError(ctx: Context, call: Call, error: unknown, type?: 'api' | 'browser'): Promise<Reply> {
  const known = error instanceof ApiError ? error : unforeseen(ctx, call, error)
  if (speaksJson(call, type)) return { ...json(known.httpStatus, known), headers: known.headers }
  return redirect(errorPageUrl(ctx, await storeFlowError(ctx, known)))
}

function unforeseen(ctx: Context, call: Call, error: unknown): ApiError {
  const request = ctx.random.uuid()
  ctx.log.error({ err: error, request_id: request, method: call.method, path: call.path }, 'request failed')
  return ApiError.internal({ request })
}

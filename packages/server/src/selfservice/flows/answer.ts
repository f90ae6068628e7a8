import type { Context } from '../../kernel/context.ts'
import { type Call, json, type Reply, redirect, toApiError } from '../../kernel/http/index.ts'
import { storeFlowError } from '../errors/store.ts'
import { errorPageUrl } from './urls.ts'

/** Whether an answer is read by a program: an app, or a script of a page. */
export function speaksJson(call: Call, type: 'api' | 'browser' | undefined): boolean {
  return type === 'api' || call.wantsJson
}

/** Sends a browser on, and tells a script where it would have gone. */
export async function answerError(ctx: Context, call: Call, error: unknown, type?: 'api' | 'browser'): Promise<Reply> {
  const known = toApiError(ctx.log, error, call)
  if (speaksJson(call, type)) return { ...json(known.httpStatus, known), headers: known.headers }
  return redirect(errorPageUrl(ctx, await storeFlowError(ctx, known)))
}

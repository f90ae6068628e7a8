import { ApiError, type UiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, json, type Reply, redirect } from '../../kernel/http/index.ts'
import { runHooksBefore } from '../hooks/before.ts'
import { addMessage } from '../ui/container.ts'
import { speaksJson } from './answer.ts'
import type { Flow } from './flow.ts'
import { insertFlow } from './store.ts'
import { pageUrl, publicUrl } from './urls.ts'

/** What the message of an expired flow tells of the time. */
export function expiryContext(flow: Flow): { expired_at: string; expired_at_unix: number } {
  return { expired_at: new Date(flow.expiresAt).toISOString(), expired_at_unix: Math.floor(flow.expiresAt / 1000) }
}

/** Puts `fresh` in the place of a flow that ran out, says so in it, and leads the caller there. */
export async function replaceExpired(
  ctx: Context,
  call: Call,
  expired: Flow,
  fresh: Flow,
  message: UiText,
  details?: Record<string, unknown>,
): Promise<Reply> {
  await runHooksBefore({ ctx, call, flow: fresh })
  await storeReplacement(ctx, fresh, message)
  if (!speaksJson(call, expired.type)) return redirect(pageUrl(ctx, fresh))
  const gone = ApiError.flowExpired(
    { expiredAt: new Date(expired.expiresAt), sinceMs: ctx.clock.now() - expired.expiresAt, useFlowId: fresh.id },
    details,
  )
  return json(410, gone)
}

/** Stores a flow that takes another's place, with the reason on top. */
export async function storeReplacement(ctx: Context, fresh: Flow, message: UiText): Promise<void> {
  addMessage(fresh.ui, message)
  await insertFlow(ctx, fresh)
}

/** The 410 for reading a flow that ran out; it names where a new one begins. */
export function goneOnRead(ctx: Context, flow: Flow): ApiError {
  const start = (how: 'api' | 'browser') => publicUrl(ctx, `self-service/${flow.name}/${how}`).toString()
  const returnTo = flow.returnTo ? `?return_to=${encodeURIComponent(flow.returnTo)}` : ''
  const details =
    flow.type === 'api'
      ? { api: start('api') }
      : { redirect_to: start('browser') + returnTo, ...(flow.returnTo && { return_to: flow.returnTo }) }
  const id = flow.name === 'verification' || flow.name === 'settings' ? undefined : 'self_service_flow_expired'
  return ApiError.gone({ id, reason: 'The flow has run out. Begin a new one.', details })
}

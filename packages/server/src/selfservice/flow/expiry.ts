import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from './flow.ts'
import { publicUrl } from './urls.ts'

/** The context of the message about an expired flow. */
export function expiryContext(flow: Flow): { expired_at: string; expired_at_unix: number } {
  return { expired_at: new Date(flow.expiresAt).toISOString(), expired_at_unix: Math.floor(flow.expiresAt / 1000) }
}

/** The 410 for a submission of an expired flow, with the ID of the new flow. */
export function goneOnSubmit(ctx: Context, expired: Flow, fresh: Flow, details?: Record<string, unknown>): ApiError {
  const sinceMs = ctx.clock.now() - expired.expiresAt
  return ApiError.flowExpired({ expiredAt: new Date(expired.expiresAt), sinceMs, useFlowId: fresh.id }, details)
}

/** The 410 for reading an expired flow, with the URL that creates a new one. */
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

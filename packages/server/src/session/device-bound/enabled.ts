import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'

/** Throws 404 while `session.device_bound.enabled` is not set. */
export function requireDeviceBound({ config }: Context): void {
  if (config.identity.session.device_bound.enabled) return
  throw ApiError.notFound({ reason: 'Sessions are not bound to devices here (session.device_bound.enabled).' })
}

/** Throws 404 unless sessions are bound for all hosts of the site. */
export function requireSite(ctx: Context): void {
  requireDeviceBound(ctx)
  if (ctx.config.identity.session.device_bound.scope === 'site') return
  throw ApiError.notFound({ reason: 'Sessions are bound for one origin (session.device_bound.scope).' })
}

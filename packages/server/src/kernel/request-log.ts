import type { Logger } from 'pino'
import type { Observer } from './http/index.ts'

/** Whether a listener of this audience leaves out what load balancers ask. */
type LeavesOutHealth = () => boolean

/**
 * Writes one line for each request: what was asked and answered, and how long it took. Of the address only the path is
 * written, since queries carry codes and tokens.
 */
export function requestLog(log: Logger, leavesOutHealth: LeavesOutHealth): Observer {
  // Looking for secrets costs more than all the rest, and these lines are made of what cannot hold any.
  const lines = log.child({}, { redact: [] })
  return ({ route, call, ctx, method, status, durationMs }) => {
    if (!lines.isLevelEnabled('info')) return
    if (route?.path.startsWith('/health/') && leavesOutHealth()) return
    lines.info(
      {
        request_id: call?.id,
        project: ctx?.project.slug,
        method,
        // A path that no route stands for is somebody's guess or mistake, and may hold anything.
        route: route?.path,
        path: route ? call?.path : undefined,
        status,
        duration_ms: Math.round(durationMs * 1000) / 1000,
        ip: call?.ip,
      },
      'request',
    )
  }
}

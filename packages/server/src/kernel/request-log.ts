import type { Logger } from 'pino'
import type { Observer } from './http/index.ts'

/** Whether health check requests are omitted from the log. */
type LeavesOutHealth = () => boolean

/**
 * Logs each request with its status and duration. Only the path of the URL is logged, because queries contain codes and
 * tokens.
 */
export function requestLog(log: Logger, leavesOutHealth: LeavesOutHealth): Observer {
  // Redaction is disabled, because it is expensive and these lines cannot contain secrets.
  const lines = log.child({}, { redact: [] })
  return ({ route, call, ctx, method, status, durationMs }) => {
    if (!lines.isLevelEnabled('info')) return
    if (route?.path.startsWith('/health/') && leavesOutHealth()) return
    lines.info(
      {
        request_id: call?.id,
        project: ctx?.project.slug,
        method,
        // An unmatched path can contain arbitrary data, including secrets, so it is not logged.
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

import { plain, type Route } from '../kernel/http/index.ts'
import type { Metrics } from '../kernel/metrics/index.ts'

/** Prometheus metrics, at the original's path, for administrators only. */
export function metricsRoute(metrics: Metrics): Route {
  return {
    method: 'GET',
    path: '/metrics/prometheus',
    plane: 'admin',
    listeners: ['kratos-admin', 'hydra-admin', 'keto-metrics'],
    csrf: 'off',
    handle: async () => {
      const { contentType, text } = await metrics.text()
      return {
        ...plain(200, text),
        contentType: `${contentType.replace(/; charset=utf-8/, '')}; charset=utf-8; escaping=underscores`,
      }
    },
  }
}

export { metricsRoute } from './metrics.ts'
export type { ReadinessSources } from './readiness.ts'
export { metadataRoutes } from './routes.ts'

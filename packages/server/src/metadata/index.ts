export { metricsRoute } from './metrics.ts'
export { metadataRoutes } from './routes.ts'

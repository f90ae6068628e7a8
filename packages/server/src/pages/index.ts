export type { FirstSteps } from './welcome.ts'
export { type PageOptions, pageRoutes } from './routes.ts'

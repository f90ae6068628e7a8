export { type PageOptions, pageRoutes } from './routes.ts'
export type { FirstSteps } from './welcome.ts'

export { listenersFor } from './listeners.ts'
export type { AppListener, ListenerKind } from './plan.ts'
export { allRoutes } from './routes.ts'

export { removeOldFlowErrors } from './errors/store.ts'
export { removeExpiredFlows } from './flows/store.ts'
export { removeExpiredCodes } from './methods/code/codes.ts'
export { selfserviceRoutes } from './routes.ts'

export { permissionServices } from './grpc/index.ts'
export { permissionRoutes } from './routes.ts'

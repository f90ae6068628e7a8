export { parseOpl } from './opl/parse.ts'
export { permissionRoutes } from './routes.ts'

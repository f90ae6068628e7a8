export { permissionServices } from './grpc/index.ts'
export { ImportError, type Imported, type ImportOptions, importTuples } from './import/import.ts'
export { parseOpl } from './opl/parse.ts'
export { permissionRoutes } from './routes.ts'

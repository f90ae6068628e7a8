export type { Environment } from './environment.ts'
export type { IdentitySchema } from './identity-schemas.ts'
export { schemaUrl } from './identity-schemas.ts'
export {
  defaultProject,
  type Loaded,
  loadFile,
  loadOriginals,
  loadProjectFile,
  type Original,
  type ProjectConfig,
} from './load.ts'
export type { LoadOptions } from './part.ts'
export type { KetoListener, PermissionConfig } from './permission.ts'
export { ConfigError, type Problem, printProblem } from './problems.ts'
export type { IdentityConfig } from './schema.ts'
export { readSource, SourceError, sourceFile } from './source.ts'
export { parseDurationMs } from './units.ts'
export { type ConfigChange, watchConfig } from './watch.ts'

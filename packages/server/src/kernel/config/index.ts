export type { Environment } from './environment.ts'
export type { IdentitySchema } from './identity-schemas.ts'
export { schemaUrl } from './identity-schemas.ts'
export {
  defaultProject,
  type Loaded,
  type LoadOptions,
  loadFile,
  loadKratosFile,
  loadProjectFile,
  type ProjectConfig,
} from './load.ts'
export { ConfigError, type Problem, printProblem } from './problems.ts'
export type { IdentityConfig } from './schema.ts'
export { readSource, SourceError, sourceFile } from './source.ts'
export { parseDurationMs } from './units.ts'
export { type ConfigChange, watchConfig } from './watch.ts'

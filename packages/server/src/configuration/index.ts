export {
  type ConfigChange,
  ConfigError,
  type Environment,
  type IdentityConfig,
  type Notice,
  type Problem,
  type ProjectConfig,
  printNotice,
  printProblem,
  watchConfig,
} from '../kernel/config/index.ts'
export { acknowledgeableNames } from './acknowledgeable.ts'
export type { InstallationConfig } from './installation.ts'
export { defaultProject, type Loaded, loadFile, loadOriginals, loadProjectFile } from './load.ts'
export type { LoadOptions, Original } from './original.ts'
export type { HydraListenerName } from './originals/hydra.ts'
export { type OriginalName, originals } from './originals/index.ts'
export type { KetoListenerName } from './originals/keto.ts'
export { needsRestart } from './restart.ts'
export { configuredSecrets } from './secrets.ts'
export { loadStoredProject } from './stored-project.ts'

import { loadCourier } from './courier/index.ts'
import type { Environment, Loaded, LoadOptions, Original } from './kernel/config/index.ts'
import * as kernel from './kernel/config/index.ts'

export {
  type ConfigChange,
  ConfigError,
  type Environment,
  type IdentityConfig,
  type IdentitySchema,
  type Loaded,
  type LoadOptions,
  type Original,
  type PermissionConfig,
  type Problem,
  type ProjectConfig,
  parseDurationMs,
  printProblem,
  watchConfig,
} from './kernel/config/index.ts'

/** What the rooms find in the files that a configuration names counts like what its schema finds. */
const inspected = (options: LoadOptions): LoadOptions => ({
  inspect: (identity, from) => loadCourier(identity.courier, from),
  ...options,
})

/**
 * Reads the configuration files of the originals that one process takes the place of.
 * @throws ConfigError with every problem, its file, line and key.
 */
export function loadOriginals(
  files: Partial<Record<Original, string>>,
  env: Environment,
  options: LoadOptions = {},
): Promise<Loaded> {
  return kernel.loadOriginals(files, env, inspected(options))
}

/**
 * Reads a project file in Ory Network's shape.
 * @throws ConfigError with every problem, its file, line and key.
 */
export function loadProjectFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return kernel.loadProjectFile(path, env, inspected(options))
}

/**
 * Reads a file of any kind; which, its keys tell.
 * @throws ConfigError with every problem, its file, line and key.
 */
export function loadFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return kernel.loadFile(path, env, inspected(options))
}

/** The built-in project: people with an e-mail address and a name, pages under `/ui/`, mail kept in the mailbox. */
export function defaultProject(
  settings: { port: number; mode: 'dev' },
  env: Environment = {},
  options: LoadOptions = {},
): Promise<Loaded> {
  return kernel.defaultProject(settings, env, inspected(options))
}

import { loadCourier } from './courier/index.ts'
import type { Environment, Loaded, LoadOptions } from './kernel/config/index.ts'
import * as kernel from './kernel/config/index.ts'

export {
  type ConfigChange,
  ConfigError,
  type Environment,
  type IdentityConfig,
  type IdentitySchema,
  type Loaded,
  type LoadOptions,
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
 * Reads a Kratos configuration file.
 * @throws ConfigError with every problem, its file, line and key.
 */
export function loadKratosFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return kernel.loadKratosFile(path, env, inspected(options))
}

/**
 * Reads a project file in Ory Network's shape.
 * @throws ConfigError with every problem, its file, line and key.
 */
export function loadProjectFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return kernel.loadProjectFile(path, env, inspected(options))
}

/**
 * Reads a file of either kind: with `services` it is a project, else a Kratos configuration.
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

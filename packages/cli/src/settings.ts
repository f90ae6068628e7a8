import { resolve } from 'node:path'
import {
  acknowledgeableNames,
  defaultProject,
  type Loaded,
  type LoadOptions,
  loadOriginals,
  loadProjectFile,
} from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** Options that say which configuration and database a command works with. */
export interface SourceOptions {
  dev?: boolean
  config?: string
  kratos?: string
  keto?: string
  without?: string[]
  dsn?: string
  port?: number
}

export interface Settings {
  loaded: Loaded
  dsn: string
  /** Reads the same configuration again, when a file has changed. */
  reload(): Promise<Loaded>
}

const defaultPort = 4000
const defaultDsn = 'sqlite://.latchkey/latchkey.sqlite'

export function addSourceOptions(command: Command): Command {
  return withoutOption(command)
    .option('-c, --config <file>', "a project file in Ory Network's shape (YAML or JSON)")
    .option('--kratos <file>', 'a Kratos configuration file, served as Kratos does')
    .option('--keto <file>', 'a Keto configuration file, served as Keto does; alone or beside --kratos')
    .option('--dsn <dsn>', 'memory, sqlite://PATH or postgres://… (or the variable DSN)')
}

export function withoutOption(command: Command): Command {
  const collect = (name: string, names: string[] = []) => [...names, name]
  const text = 'start although NAME is enabled and not supported yet, with it disabled; may be repeated'
  return command.option('--without <name>', `${text} (or LATCHKEY_WITHOUT=NAME,NAME)`, collect)
}

/** The names given by `--without` and by the variable. */
export function withoutOptions(given: readonly string[] = [], terminal: Terminal): LoadOptions {
  const fromVariable = (terminal.env.LATCHKEY_WITHOUT ?? '').split(',').map((name) => name.trim())
  const without = [...given, ...fromVariable.filter(Boolean)]
  const missing = acknowledgeableNames()
  for (const name of without) {
    if (missing.includes(name)) continue
    const names = `what can be done without: ${missing.join(', ')}`
    terminal.err(`${terminal.style('yellow', 'warning')} --without ${name} has no effect; ${names}`)
  }
  return { without }
}

/**
 * Loads the configuration that the options name.
 * @throws ConfigError, UsageError
 */
export async function readSettings(options: SourceOptions, terminal: Terminal): Promise<Settings> {
  const { config, kratos, keto, dev = false, port } = options
  const isDropIn = kratos !== undefined || keto !== undefined
  if (config && isDropIn) throw new UsageError(`Give either -c or ${kratos ? '--kratos' : '--keto'}, not both.`)
  if (port && isDropIn && !kratos) {
    throw new UsageError('--port is the public listener, which --keto has none of. Its ports are in its file.')
  }
  const env = {
    ...terminal.env,
    ...(port ? { SERVE_PUBLIC_PORT: String(port) } : {}),
    ...(dev ? { DEV: 'true' } : {}),
    ...(isDropIn && options.dsn ? { DSN: options.dsn } : {}),
  }
  const at = (file: string | undefined) => (file === undefined ? undefined : resolve(terminal.cwd, file))
  const without = withoutOptions(options.without, terminal)
  const reload = async (): Promise<Loaded> => {
    if (isDropIn) return loadOriginals({ kratos: at(kratos), keto: at(keto) }, env, without)
    if (config) {
      const loaded = await loadProjectFile(resolve(terminal.cwd, config), env, without)
      return { ...loaded, ...(dev ? { mode: 'dev' } : {}) }
    }
    return defaultProject({ port: port ?? portOf(terminal.env) ?? defaultPort, mode: 'dev' }, terminal.env, without)
  }
  const loaded = await reload()
  const dsn = options.dsn ?? loaded.dsn ?? (isDropIn ? undefined : defaultDsn)
  if (!dsn) throw new UsageError('No database is named. Give --dsn, or dsn in the file, or the variable DSN.')
  return { loaded, dsn: absoluteDsn(dsn, terminal.cwd), reload }
}

/** A file of the working folder stays the same file wherever workers run. */
export function absoluteDsn(dsn: string, cwd: string): string {
  const [, path, parameters = ''] = /^sqlite3?:\/\/([^?]+)(\?.*)?$/.exec(dsn) ?? []
  if (!path || path.startsWith('/') || path.startsWith('file:') || path.startsWith(':')) return dsn
  return `sqlite://${resolve(cwd, path)}${parameters}`
}

function portOf(env: Terminal['env']): number | undefined {
  const port = Number(env.SERVE_PUBLIC_PORT)
  return Number.isInteger(port) && port > 0 ? port : undefined
}

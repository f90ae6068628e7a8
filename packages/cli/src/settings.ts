import { resolve } from 'node:path'
import { defaultProject, type Loaded, loadKratosFile, loadProjectFile } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** Options that say which configuration and database a command works with. */
export interface SourceOptions {
  dev?: boolean
  config?: string
  kratos?: string
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
  return command
    .option('-c, --config <file>', "a project file in Ory Network's shape (YAML or JSON)")
    .option('--kratos <file>', 'a Kratos configuration file, served as Kratos does')
    .option('--dsn <dsn>', 'memory, sqlite://PATH or postgres://… (or the variable DSN)')
}

/**
 * Loads the configuration that the options name.
 * @throws ConfigError, UsageError
 */
export async function readSettings(options: SourceOptions, terminal: Terminal): Promise<Settings> {
  const { config, kratos, dev = false, port } = options
  if (config && kratos) throw new UsageError('Give either -c or --kratos, not both.')
  const env = { ...terminal.env, ...(port ? { SERVE_PUBLIC_PORT: String(port) } : {}), ...(dev ? { DEV: 'true' } : {}) }
  const reload = async (): Promise<Loaded> => {
    if (kratos) return loadKratosFile(resolve(terminal.cwd, kratos), env)
    if (config)
      return { ...(await loadProjectFile(resolve(terminal.cwd, config), env)), ...(dev ? { mode: 'dev' } : {}) }
    return defaultProject({ port: port ?? portOf(terminal.env) ?? defaultPort, mode: 'dev' }, terminal.env)
  }
  const loaded = await reload()
  const dsn = options.dsn ?? loaded.dsn ?? (kratos ? undefined : defaultDsn)
  if (!dsn) throw new UsageError('No database is named. Give --dsn, or dsn in the file, or the variable DSN.')
  return { loaded, dsn: absolute(dsn, terminal.cwd), reload }
}

/** A file of the working folder stays the same file wherever workers run. */
function absolute(dsn: string, cwd: string): string {
  const [, path, parameters = ''] = /^sqlite3?:\/\/([^?]+)(\?.*)?$/.exec(dsn) ?? []
  if (!path || path.startsWith('/') || path.startsWith('file:') || path.startsWith(':')) return dsn
  return `sqlite://${resolve(cwd, path)}${parameters}`
}

function portOf(env: Terminal['env']): number | undefined {
  const port = Number(env.SERVE_PUBLIC_PORT)
  return Number.isInteger(port) && port > 0 ? port : undefined
}

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

/** Files that are merged; later ones win. */
export type Files = [string, ...string[]]

/** Collects the files of an option that is given several times. */
export function collectFiles(file: string, before: Files | undefined): Files {
  return before ? [...before, file] : [file]
}

/** Options that select the configuration and the database of a command. */
export interface SourceOptions {
  dev?: boolean
  config?: Files
  kratos?: Files
  hydra?: Files
  keto?: Files
  without?: string[]
  dsn?: string
  port?: number
}

export interface Settings {
  loaded: Loaded
  dsn: string
  /** Loads the same configuration again after a file has changed. */
  reload(): Promise<Loaded>
}

const defaultPort = 4000
const defaultDsn = 'sqlite://.latchkey/latchkey.sqlite'

export function addSourceOptions(command: Command): Command {
  return addWithoutOption(command)
    .option(
      '-c, --config <file>',
      'a project file in the format of Ory Network (YAML or JSON); several files are merged, later ones win',
      collectFiles,
    )
    .option('--kratos <file>', 'an Ory Kratos configuration file; replaces Kratos; several are merged', collectFiles)
    .option(
      '--hydra <file>',
      'an Ory Hydra configuration file; replaces Hydra, alone or together with the others; several are merged',
      collectFiles,
    )
    .option(
      '--keto <file>',
      'an Ory Keto configuration file; replaces Keto, alone or together with the others; several are merged',
      collectFiles,
    )
    .option('--dsn <dsn>', 'memory, sqlite://PATH or postgres://… (or the variable DSN)')
}

export function addWithoutOption(command: Command): Command {
  const collect = (name: string, names: string[] = []) => [...names, name]
  const text = 'start with the unsupported method NAME disabled although it is enabled; repeatable'
  return command.option('--without <name>', `${text} (or LATCHKEY_WITHOUT=NAME,NAME)`, collect)
}

/** The names from `--without` and from the variable LATCHKEY_WITHOUT. */
export function collectWithout(given: readonly string[] = [], terminal: Terminal): LoadOptions {
  const fromVariable = (terminal.env.LATCHKEY_WITHOUT ?? '').split(',').map((name) => name.trim())
  const without = [...given, ...fromVariable.filter(Boolean)]
  const missing = acknowledgeableNames()
  for (const name of without) {
    if (missing.includes(name)) continue
    const names = `unsupported methods are ${missing.join(', ')}`
    terminal.err(`${terminal.style('yellow', 'warning')} --without ${name} has no effect; ${names}`)
  }
  return { without }
}

/**
 * Loads the configuration selected by the options.
 * @throws ConfigError, UsageError
 */
export async function loadSettings(options: SourceOptions, terminal: Terminal): Promise<Settings> {
  const { config, kratos, hydra, keto, dev = false, port } = options
  const dropIn = Object.entries({ kratos, hydra, keto }).filter(([, files]) => files !== undefined)
  const isDropIn = dropIn.length > 0
  if (config && isDropIn) throw new UsageError(`-c and --${dropIn[0]?.[0]} cannot be combined.`)
  if (port && isDropIn) refuseAmbiguousPort(options)
  const env = {
    ...terminal.env,
    ...(port ? { SERVE_PUBLIC_PORT: String(port) } : {}),
    ...(dev ? { DEV: 'true' } : {}),
    ...(isDropIn && options.dsn ? { DSN: options.dsn } : {}),
  }
  const at = (files: Files | undefined) => files && absoluteFiles(files, terminal.cwd)
  const without = collectWithout(options.without, terminal)
  const reload = async (): Promise<Loaded> => {
    if (isDropIn) return loadOriginals({ kratos: at(kratos), hydra: at(hydra), keto: at(keto) }, env, without)
    if (config) {
      const loaded = await loadProjectFile(absoluteFiles(config, terminal.cwd), env, without)
      return { ...loaded, ...(dev ? { mode: 'dev' } : {}) }
    }
    return defaultProject({ port: port ?? portOf(terminal.env) ?? defaultPort, mode: 'dev' }, terminal.env, without)
  }
  const loaded = await reload()
  const dsn = options.dsn ?? loaded.dsn ?? (isDropIn ? undefined : defaultDsn)
  if (!dsn) throw new UsageError('No database was given. Use --dsn, dsn in the file, or the variable DSN.')
  return { loaded, dsn: absoluteDsn(dsn, terminal.cwd), reload }
}

function refuseAmbiguousPort({ kratos, hydra }: SourceOptions) {
  const text = '--port sets the port of the public listener'
  if (kratos && hydra) throw new UsageError(`${text}, of which there are two. Set the ports in the files.`)
  if (!kratos && !hydra) throw new UsageError(`${text}, which --keto does not have. Set its ports in its file.`)
}

export function absoluteFiles([first, ...others]: Files, cwd: string): Files {
  return [resolve(cwd, first), ...others.map((file) => resolve(cwd, file))]
}

/** Resolves a relative SQLite path, so that it does not depend on the working directory of workers. */
export function absoluteDsn(dsn: string, cwd: string): string {
  const [, path, parameters = ''] = /^sqlite3?:\/\/([^?]+)(\?.*)?$/.exec(dsn) ?? []
  if (!path || path.startsWith('/') || path.startsWith('file:') || path.startsWith(':')) return dsn
  return `sqlite://${resolve(cwd, path)}${parameters}`
}

function portOf(env: Terminal['env']): number | undefined {
  const port = Number(env.SERVE_PUBLIC_PORT)
  return Number.isInteger(port) && port > 0 ? port : undefined
}

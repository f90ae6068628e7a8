import cluster from 'node:cluster'
import {
  type ConfigError,
  createApp,
  createLogger,
  type Loaded,
  messageText,
  type Serving,
  serve,
  watchConfig,
} from '@latchkey/server'
import type { Command } from 'commander'
import { printListening, printWelcome } from '../banner.ts'
import { addDatabaseWait, type DatabaseWaitOptions, databaseWaitMs } from '../database-wait.ts'
import { UsageError } from '../exit.ts'
import { createFirstToken } from '../first-token.ts'
import { reduceMemory } from '../memory.ts'
import { printNotices, printProblems } from '../problems.ts'
import { addSourceOptions, loadSettings, type Settings, type SourceOptions } from '../settings.ts'
import { addShadow, type ShadowOptions, shadowTargets } from '../shadow.ts'
import { onStop } from '../stop.ts'
import type { Terminal } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'
import { type Bound, startWorkers } from '../workers.ts'

type ServeOptions = SourceOptions & DatabaseWaitOptions & ShadowOptions & { workers: number; shutdownDelay: number }

/** So long clients and load balancers are told of the shutdown. */
const usualShutdownDelay = 1

/** `latchkey serve`: runs until it receives SIGTERM or SIGINT. */
export function addServe(program: Command, terminal: Terminal, settle: (status: undefined) => void) {
  addShadow(addDatabaseWait(addSourceOptions(program.command('serve'))))
    .description('start the server')
    .option('--dev', 'serve the built-in development project: mailbox page, cookies without TLS')
    .option('--port <port>', 'port of the public listener', wholeNumber(1, 65_535))
    .option('--workers <count>', 'number of worker processes that share the listeners', wholeNumber(1, 256), 1)
    .option(
      '--shutdown-delay <seconds>',
      'after SIGTERM, how long requests are still taken, with readiness failing and connections closing',
      wholeNumber(0, 300),
      usualShutdownDelay,
    )
    .action(async (options: ServeOptions) => {
      if (!options.dev && !options.config && !options.kratos && !options.hydra && !options.keto) {
        throw new UsageError(
          'No configuration was given. Use -c FILE, --kratos FILE, --hydra FILE, --keto FILE, or --dev for the built-in project.',
        )
      }
      shadowTargets(options)
      const settings = await loadSettings(options, terminal)
      if (!cluster.isWorker) printNotices(settings.loaded.notices, terminal)
      if (cluster.isWorker) await runWorker(settings, options)
      else if (options.workers > 1) await runPrimary(settings, options, terminal)
      else await runSingleProcess(settings, options, terminal)
      settle(undefined)
    })
}

async function runSingleProcess(settings: Settings, options: ServeOptions, terminal: Terminal) {
  const { loaded, dsn, reload } = settings
  let token: string | undefined
  const serving = await serve({
    ...{ loaded, dsn, databaseWaitMs: databaseWaitMs(options), shadow: shadowTargets(options) },
    firstSteps: { token: () => token, tokenCommand: tokenCommand(options) },
  })
  token = loaded.mode === 'drop-in' ? undefined : await createFirstToken(serving.app.ctx)
  await reduceMemory()
  announce(loaded, options, { token, bound: serving }, terminal)
  const watcher = watchConfig(loaded, reload, (change) => {
    if ('error' in change) return reportFailedReload(change.error, terminal)
    printNotices(change.loaded.notices, terminal)
    serving.app.reconfigure(change.loaded)
  })
  const close = async (announceMs: number) => {
    watcher.close()
    await serving.close(announceMs)
  }
  onStop(close, { announceMs: options.shutdownDelay * 1000, terminal })
}

/** The primary process serves no requests: it migrates the database, watches the files and restarts workers. */
async function runPrimary({ loaded, dsn, reload }: Settings, options: ServeOptions, terminal: Terminal) {
  if (dsn === 'memory') throw new UsageError('Multiple workers need a shared database; give one with --dsn.')
  const prepared = await prepare(loaded, dsn, options)
  const workers = startWorkers({ count: options.workers, onLost: (text) => terminal.err(text) })
  const watcher = watchConfig(loaded, reload, (change) => {
    if ('error' in change) return reportFailedReload(change.error, terminal)
    printNotices(change.loaded.notices, terminal)
    workers.broadcast({ notify: messageText('configuration', {}) })
  })
  const close = async () => {
    watcher.close()
    await workers.close()
  }
  // The workers announce it themselves.
  onStop(close, { announceMs: options.shutdownDelay * 1000, terminal })
  const bound = await workers.listening.catch((error: unknown) => {
    watcher.close()
    throw error
  })
  await reduceMemory()
  announce(loaded, options, { token: prepared.token, bound }, terminal)
}

async function prepare(loaded: Loaded, dsn: string, options: ServeOptions): Promise<{ token: string | undefined }> {
  const log = createLogger({ ...loaded.installation.log, level: 'warn' })
  const app = await createApp({ loaded, dsn, log, databaseWaitMs: databaseWaitMs(options) })
  try {
    return { token: loaded.mode === 'drop-in' ? undefined : await createFirstToken(app.ctx) }
  } finally {
    await app.close()
  }
}

async function runWorker({ loaded, dsn, reload }: Settings, options: ServeOptions) {
  const serving: Serving = await serve({
    ...{ loaded, dsn, databaseWaitMs: databaseWaitMs(options), shadow: shadowTargets(options) },
    firstSteps: { tokenCommand: tokenCommand(options) },
  })
  serving.app.notifier.subscribe('configuration', async () => {
    const next = await reload().catch(() => undefined)
    if (next) serving.app.reconfigure(next)
  })
  await reduceMemory()
  process.send?.({ ready: { addresses: serving.addresses, openAddresses: serving.openAddresses } })
  onStop((announceMs) => serving.close(announceMs), { announceMs: options.shutdownDelay * 1000 })
}

function announce(
  loaded: Loaded,
  options: ServeOptions,
  { token, bound }: { token: string | undefined; bound: Bound },
  terminal: Terminal,
) {
  if (loaded.mode === 'drop-in') return printListening(bound, terminal)
  printWelcome({ loaded, token, bound, tokenCommand: tokenCommand(options), startedInMs: performance.now() }, terminal)
}

/** The command line that creates a token for the project and database of these options. */
function tokenCommand({ config, dsn }: ServeOptions): string {
  const source = [...(config ?? []).flatMap((file) => ['-c', file]), ...(dsn ? ['--dsn', redactDsn(dsn)] : [])]
  return ['npm run -s latchkey -- token create', ...source].join(' ')
}

/** Replaces the password of a PostgreSQL DSN. */
function redactDsn(dsn: string): string {
  return dsn.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:…@')
}

function reportFailedReload(error: ConfigError, terminal: Terminal) {
  printProblems(error, terminal)
  terminal.err('')
  terminal.err('  The server keeps the current configuration.')
}

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
import { type Command, InvalidArgumentError } from 'commander'
import { printListening, printWelcome } from '../banner.ts'
import { UsageError } from '../exit.ts'
import { firstToken } from '../first-token.ts'
import { printNotices, printProblems } from '../problems.ts'
import { addSourceOptions, readSettings, type Settings, type SourceOptions } from '../settings.ts'
import { onStop } from '../stop.ts'
import type { Terminal } from '../terminal.ts'
import { startWorkers } from '../workers.ts'

type ServeOptions = SourceOptions & { workers: number }

/** `latchkey serve`: runs until it is told to stop. */
export function addServe(program: Command, terminal: Terminal, settle: (status: undefined) => void) {
  addSourceOptions(program.command('serve'))
    .description('start the server')
    .option('--dev', 'the built-in project, a mailbox page, cookies without TLS')
    .option('--port <port>', 'port of the public listener', wholeNumber(1, 65_535))
    .option('--workers <count>', 'processes that share the listeners', wholeNumber(1, 256), 1)
    .action(async (options: ServeOptions) => {
      if (!options.dev && !options.config && !options.kratos && !options.keto) {
        throw new UsageError(
          'Say what to serve: -c FILE, --kratos FILE, --keto FILE, or --dev for the built-in project.',
        )
      }
      const settings = await readSettings(options, terminal)
      if (!cluster.isWorker) printNotices(settings.loaded.notices, terminal)
      if (cluster.isWorker) await work(settings, options)
      else if (options.workers > 1) await lead(settings, options, terminal)
      else await alone(settings, options, terminal)
      settle(undefined)
    })
}

async function alone(settings: Settings, options: ServeOptions, terminal: Terminal) {
  const { loaded, dsn, reload } = settings
  let token: string | undefined
  const serving = await serve({ loaded, dsn, firstSteps: { token: () => token, tokenCommand: tokenCommand(options) } })
  token = loaded.mode === 'drop-in' ? undefined : await firstToken(serving.app.ctx)
  announce(loaded, options, { token, addresses: serving.addresses }, terminal)
  const watcher = watchConfig(loaded, reload, (change) => {
    if ('error' in change) return keepRunning(change.error, terminal)
    printNotices(change.loaded.notices, terminal)
    serving.app.reconfigure(change.loaded)
  })
  onStop(async () => {
    watcher.close()
    await serving.close()
  }, terminal)
}

/** The leading process serves nothing itself: it prepares the database, watches the files and keeps workers alive. */
async function lead({ loaded, dsn, reload }: Settings, options: ServeOptions, terminal: Terminal) {
  if (dsn === 'memory') throw new UsageError('Several workers need a database that they share: name one with --dsn.')
  const prepared = await prepare(loaded, dsn)
  const workers = await startWorkers({ count: options.workers, onLost: (text) => terminal.err(text) })
  announce(loaded, options, { token: prepared.token, addresses: workers.addresses }, terminal)
  const watcher = watchConfig(loaded, reload, (change) => {
    if ('error' in change) return keepRunning(change.error, terminal)
    printNotices(change.loaded.notices, terminal)
    workers.tell({ notify: messageText('configuration', {}) })
  })
  onStop(async () => {
    watcher.close()
    await workers.close()
  }, terminal)
}

async function prepare(loaded: Loaded, dsn: string): Promise<{ token: string | undefined }> {
  const app = await createApp({ loaded, dsn, log: createLogger({ level: 'silent' }) })
  try {
    return { token: loaded.mode === 'drop-in' ? undefined : await firstToken(app.ctx) }
  } finally {
    await app.close()
  }
}

async function work({ loaded, dsn, reload }: Settings, options: ServeOptions) {
  const serving: Serving = await serve({ loaded, dsn, firstSteps: { tokenCommand: tokenCommand(options) } })
  serving.app.notifier.subscribe('configuration', async () => {
    const next = await reload().catch(() => undefined)
    if (next) serving.app.reconfigure(next)
  })
  process.send?.({ ready: serving.addresses })
  onStop(() => serving.close())
}

function announce(
  loaded: Loaded,
  options: ServeOptions,
  { token, addresses }: { token: string | undefined; addresses: readonly string[] },
  terminal: Terminal,
) {
  if (loaded.mode === 'drop-in') return printListening(addresses, terminal)
  printWelcome({ loaded, token, tokenCommand: tokenCommand(options), startedInMs: performance.now() }, terminal)
}

/** The command line that makes a token for what these options serve. */
function tokenCommand({ config, dsn }: ServeOptions): string {
  const source = [...(config ? ['-c', config] : []), ...(dsn ? ['--dsn', shownDsn(dsn)] : [])]
  return ['npm run -s latchkey -- token create', ...source].join(' ')
}

/** Without the password that a PostgreSQL address may hold. */
function shownDsn(dsn: string): string {
  return dsn.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:…@')
}

function keepRunning(error: ConfigError, terminal: Terminal) {
  printProblems(error, terminal)
  terminal.err('')
  terminal.err('  The running configuration stays.')
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

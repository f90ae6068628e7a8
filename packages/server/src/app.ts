import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { cleaning } from './cleaning.ts'
import type { Environment, InstallationConfig, Loaded } from './configuration/index.ts'
import { startCourier } from './courier/index.ts'
import { type Database, installationSecret, migrate, openDatabase } from './db/index.ts'
import { type Directory, openDirectory } from './directory.ts'
import { startJobs } from './jobs/index.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import type { Context } from './kernel/context.ts'
import { configuredFetch, type Fetch } from './kernel/fetch.ts'
import { trustedProxies } from './kernel/http/trusted-proxies.ts'
import { keysFrom } from './kernel/keys.ts'
import { createRandom, type Random } from './kernel/random.ts'
import { listenersFor } from './listeners.ts'
import type { FirstSteps, PageOptions } from './pages/index.ts'
import { allRoutes } from './routes.ts'
import { allSubscribers } from './subscribers.ts'
import { startTelemetry } from './telemetry.ts'

export interface AppOptions {
  loaded: Loaded
  dsn: string
  log: Logger
  clock?: Clock
  random?: Random
  fetch?: Fetch
  /** Where `OTEL_…` and `TRUSTED_PROXIES` are looked up; nowhere unless it is given. */
  env?: Environment
  /** What the welcome page of development mode tells of the admin token. */
  firstSteps?: FirstSteps
}

/** A server that has been put together but does not listen yet. */
export interface App {
  readonly ctx: Context
  readonly database: Database
  readonly projects: Directory
  /** One origin in project mode; the originals' own listeners in drop-in mode. */
  readonly listeners: readonly AppListener[]
  /** Takes a new configuration for the requests that begin from now on. */
  reconfigure(loaded: Loaded): void
  close(): Promise<void>
}

export interface AppListener {
  readonly name: string
  readonly http: FastifyInstance
  readonly host: string
  readonly port: number
  /** Whether it speaks TLS. */
  readonly isSecure: boolean
  /** Permissions of the socket, where the host is `unix:` and a path. */
  readonly socketMode?: number
  /** Where its host and port are written once it listens, for those who let the system choose the port. */
  readonly addressFile?: string | undefined
  /** Takes the certificate of a new configuration, where it speaks TLS. */
  renew(settings: InstallationConfig): void
}

/** Opens the database, brings it up to date and joins the rooms to listeners. */
export async function createApp(options: AppOptions): Promise<App> {
  const { loaded, log, clock = systemClock, random = createRandom(clock) } = options
  const database = await openDatabase(options.dsn)
  await migrate(database)
  const keys = keysFrom(await installationSecret(database, random))
  const settings = { current: loaded.installation, fetch: configuredFetch(loaded.installation.outgoing) }
  const followed: Fetch = (url, init) => settings.fetch(url, init)
  const shared = { clock, random, log, keys, subscribers: allSubscribers }
  const installation = { ...shared, fetch: options.fetch ?? followed }
  const projects = await openDirectory({ database, installation }, loaded)
  const courier = startCourier({
    database,
    context: projects.byId,
    clock,
    log,
    pollMs: loaded.installation.kratos.courierPollMs,
  })
  const jobs = startJobs({ database, clock, random, log }, [
    cleaning({ database, contexts: projects.all, settings: () => settings.current.kratos.cleanup }),
  ])
  const { env = {} } = options
  const telemetry = await startTelemetry(database, { log, env, settings: () => settings.current })
  const listeners = listenersFor(loaded, allRoutes(database, telemetry.metrics, pagesOf(options)), {
    context: projects.byHost,
    settings: () => settings.current,
    observers: telemetry.observers,
    trustedProxies: trustedProxies(env),
  })
  return {
    get ctx() {
      return projects.main
    },
    database,
    projects,
    listeners,
    reconfigure(next) {
      settings.current = next.installation
      settings.fetch = configuredFetch(next.installation.outgoing)
      projects.reconfigure(next.config)
      for (const listener of listeners) listener.renew(next.installation)
    },
    async close() {
      await Promise.all(listeners.map(({ http }) => http.close()))
      await Promise.all([jobs.stop(), courier.stop(), telemetry.close()])
      await database.close()
    },
  }
}

/** Drop-in mode has no pages of its own: there the configuration names somebody else's. */
function pagesOf({ loaded, firstSteps }: AppOptions): PageOptions | undefined {
  return loaded.mode === 'drop-in' ? undefined : { dev: loaded.mode === 'dev', firstSteps }
}

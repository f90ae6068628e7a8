import type { Logger } from 'pino'
import {
  configuredSecrets,
  type Environment,
  type Loaded,
  loadStoredProject,
  needsRestart,
} from '../configuration/index.ts'
import { startCourier } from '../courier/index.ts'
import type { Database, DatabaseWait } from '../db/index.ts'
import { startJobs } from '../jobs/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { configuredFetch, type Fetch } from '../kernel/fetch.ts'
import { trustedProxies } from '../kernel/http/trusted-proxies.ts'
import type { Notifier } from '../kernel/notify.ts'
import type { Random } from '../kernel/random.ts'
import { createShadow, type ShadowTargets } from '../kernel/shadow/index.ts'
import { trackWorkers } from '../kernel/worker-count.ts'
import { type AppListener, allRoutes, listenersFor } from '../listeners/index.ts'
import type { FirstSteps, PageOptions } from '../pages/index.ts'
import { openRegistry, type ProjectRegistry } from '../project/index.ts'
import { type OpenInstallation, openInstallation } from './installation.ts'
import { recurringJobs } from './recurring-jobs.ts'
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
  /** For how long the start waits for a database that is not available; not at all by default. */
  databaseWaitMs?: number | undefined
  /** A server that is asked the same reads, to compare the responses. */
  shadow?: ShadowTargets | undefined
}

/** A server that has been put together but does not listen yet. */
export interface App {
  readonly ctx: Context
  readonly database: Database
  readonly projects: ProjectRegistry
  /** Tells the other processes of the installation what has changed, and hears it from them. */
  readonly notifier: Notifier
  /** One origin in project mode; the originals' own listeners in drop-in mode. */
  readonly listeners: readonly AppListener[]
  /** Takes a new configuration for the requests that begin from now on. */
  reconfigure(loaded: Loaded): void
  /** Begins the shutdown: it is not ready any more, and every response closes its connection. Requests are answered. */
  announceClose(): void
  close(): Promise<void>
}

/** Opens the database, brings it up to date and joins the rooms to listeners. */
export async function createApp(options: AppOptions): Promise<App> {
  const { loaded, dsn, log, clock, random, env = {} } = options
  const settings = { current: loaded.installation, fetch: configuredFetch(loaded.installation.outgoing) }
  const fetchBySettings: Fetch = (url, init) => settings.fetch(url, init)
  const fetch = options.fetch ?? fetchBySettings
  const wait = waitOf(options)
  const served = { identities: serves(loaded, 'kratos'), oauth2: serves(loaded, 'hydra') }
  const open = await openInstallation({
    ...{ database: dsn, log, clock, random, fetch, wait },
    secrets: configuredSecrets(loaded.installation),
    usesSecrets: served.identities || served.oauth2,
  })
  const { database, installation } = open
  const projects = await openProjects(loaded, open, fetch)
  const courier = served.identities
    ? startCourier({
        ...installation,
        database,
        context: (projectId) => projects.byId(projectId),
        pollMs: loaded.installation.kratos.courierPollMs,
      })
    : undefined
  const work = { ...installation, database, settings: () => settings.current.kratos.cleanup }
  const jobs = startJobs(work, recurringJobs(served, work))
  const workers = trackWorkers()
  const telemetry = await startTelemetry(database, {
    ...{ log, env, settings: () => settings.current },
    workers: () => ({ ...workers.count() }),
    shadow: options.shadow && createShadow(options.shadow, { fetch, log }),
  })
  let isClosing = false
  const readiness = { database, isClosing: () => isClosing, workers }
  const listeners = listenersFor(loaded, allRoutes(readiness, telemetry.metrics, pagesOf(options)), {
    context: (host) => projects.byHost(host),
    settings: () => settings.current,
    observers: telemetry.observers,
    trustedProxies: trustedProxies(env),
  })
  return {
    get ctx() {
      return projects.main
    },
    database,
    notifier: installation.notifier,
    projects,
    listeners,
    reconfigure(next) {
      const late = needsRestart(loaded.installation, next.installation)
      if (late.length > 0)
        log.warn({ settings: late }, 'the configuration has changes that take effect at the next start')
      settings.current = next.installation
      settings.fetch = configuredFetch(next.installation.outgoing)
      projects.reconfigure(next)
      for (const listener of listeners) listener.renew(next.installation)
    },
    announceClose() {
      isClosing = true
      for (const listener of listeners) listener.announceClose()
    },
    async close() {
      await Promise.all(listeners.map(({ http }) => http.close()))
      await Promise.all([jobs.stop(), courier?.stop(), telemetry.close()])
      workers.stop()
      projects.close()
      await open.close()
    },
  }
}

/**
 * Without the file of an original there are neither its secrets nor its settings, such as those for mail, which belong
 * to another process of the database, if there is one.
 */
function serves({ mode, originals = [] }: Loaded, original: 'kratos' | 'hydra'): boolean {
  return mode !== 'drop-in' || originals.includes(original)
}

/** Drop-in mode has no pages of its own: there the configuration names somebody else's. */
function pagesOf({ loaded, firstSteps }: AppOptions): PageOptions | undefined {
  return loaded.mode === 'drop-in' ? undefined : { dev: loaded.mode === 'dev', firstSteps }
}

function waitOf({ databaseWaitMs = 0, log }: AppOptions): DatabaseWait {
  return {
    forMs: databaseWaitMs,
    onWait: (error) => log.warn({ err: error }, 'the database is not available; the start waits for it'),
  }
}

/** Closes the installation if the default project cannot be loaded. */
async function openProjects(loaded: Loaded, open: OpenInstallation, fetch: Fetch): Promise<ProjectRegistry> {
  try {
    const projects: ProjectRegistry = await openRegistry({
      ...open,
      main: loaded,
      loadConfig: (project, document) => {
        const mainBaseUrl = projects.main.config.identity.serve.public.base_url
        return loadStoredProject(project, { value: document, mainBaseUrl }, { fetch })
      },
    })
    return projects
  } catch (error) {
    await open.close()
    throw error
  }
}

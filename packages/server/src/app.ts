import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { requireProjectToken } from './apikey/index.ts'
import { startCourier } from './courier/index.ts'
import { type Database, installationSecret, migrate, openDatabase } from './db/index.ts'
import { type Directory, openDirectory } from './directory.ts'
import { cleaning, startJobs } from './jobs/index.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import type { Loaded, ProjectConfig } from './kernel/config/index.ts'
import type { Context } from './kernel/context.ts'
import { type Fetch, guardedFetch } from './kernel/fetch.ts'
import { corsSettings } from './kernel/http/cors-settings.ts'
import {
  type Call,
  type CsrfSettings,
  createListener,
  csrfCookieName,
  matchesPath,
  type Reply,
  type Route,
  redirect,
} from './kernel/http/index.ts'
import { keysFrom } from './kernel/keys.ts'
import { type Random, systemRandom } from './kernel/random.ts'
import { allRoutes } from './routes.ts'

export interface AppOptions {
  loaded: Loaded
  dsn: string
  log: Logger
  clock?: Clock
  random?: Random
  fetch?: Fetch
}

/** A server that has been put together but does not listen yet. */
export interface App {
  readonly ctx: Context
  readonly database: Database
  readonly projects: Directory
  /** One origin in project mode; the public and the admin listener of the configuration in drop-in mode. */
  readonly listeners: readonly { name: string; http: FastifyInstance; host: string; port: number }[]
  /** Takes a new configuration for the requests that begin from now on. */
  reconfigure(loaded: Loaded): void
  close(): Promise<void>
}

/** Opens the database, brings it up to date and joins the rooms to listeners. */
export async function createApp(options: AppOptions): Promise<App> {
  const { loaded, log, clock = systemClock, random = systemRandom } = options
  const database = await openDatabase(options.dsn)
  await migrate(database)
  const keys = keysFrom(await installationSecret(database, random))
  const fetches = { guarded: guardedFetch({ allowPrivate: false }), open: guardedFetch({ allowPrivate: true }) }
  const fetchFor = ({ identity }: ProjectConfig) =>
    options.fetch ?? (identity.clients.http.disallow_private_ip_ranges ? fetches.guarded : fetches.open)
  const projects = await openDirectory(
    { database, installation: { clock, random, log, keys }, fetch: fetchFor },
    loaded,
  )
  const courier = startCourier({
    database,
    context: projects.byId,
    clock,
    log,
    pollMs: loaded.config.identity.courier.worker.pull_wait,
  })
  const jobs = startJobs({ database, clock, random, log }, [cleaning({ database, contexts: projects.all })])
  const listeners = listenersFor(loaded, projects.byHost, allRoutes(database))
  return {
    get ctx() {
      return projects.main
    },
    database,
    projects,
    listeners,
    reconfigure: (next) => projects.reconfigure(next.config),
    async close() {
      await Promise.all(listeners.map(({ http }) => http.close()))
      await Promise.all([jobs.stop(), courier.stop()])
      await database.close()
    },
  }
}

function listenersFor(loaded: Loaded, context: Directory['byHost'], routes: readonly Route[]): App['listeners'] {
  const { serve } = loaded.config.identity
  const common = { context, csrf: csrfSettings, cors: corsSettings }
  if (loaded.mode !== 'drop-in') {
    const authorise = async (ctx: Context, route: Route, call: Call) => {
      if (route.plane !== 'public') await requireProjectToken(ctx, call)
    }
    const http = createListener({ ...common, audience: 'public', routes, authorise })
    return [{ name: 'public', http, host: serve.public.host || '127.0.0.1', port: serve.public.port }]
  }
  const publicRoutes = routes.filter((route) => route.plane === 'public' && route.path !== '/version')
  const adminRoutes = routes.filter((route) => route.plane === 'admin' || servedOnBoth(route))
  const toPublic = (ctx: Context, call: Call) =>
    elsewhere(publicRoutes, ctx.config.identity.serve.public.base_url, call)
  const toAdmin = (ctx: Context, call: Call) =>
    elsewhere(
      adminRoutes.filter((route) => !servedOnBoth(route)),
      ctx.config.identity.serve.admin.base_url,
      call,
    )
  const open = createListener({ ...common, audience: 'public', routes: publicRoutes, elsewhere: toAdmin, quiet })
  const closed = createListener({
    ...common,
    audience: 'admin',
    routes: withShortPaths(adminRoutes),
    elsewhere: toPublic,
  })
  return [
    { name: 'public', http: open, host: serve.public.host, port: serve.public.port },
    { name: 'admin', http: closed, host: serve.admin.host, port: serve.admin.port },
  ]
}

/** Where the originals answer on one listener only. */
const quiet = ['/version', '/metrics/prometheus']

function servedOnBoth(route: Route): boolean {
  return route.path.startsWith('/health/') || route.path === '/version'
}

/** Admin paths also answer without their `/admin` on the admin listener, as with Kratos. */
function withShortPaths(routes: readonly Route[]): Route[] {
  return routes.flatMap((route) =>
    route.path.startsWith('/admin/') ? [route, { ...route, path: route.path.slice('/admin'.length) }] : [route],
  )
}

/** Sends a request to the other listener, where its path is served there. */
function elsewhere(routes: readonly Route[], base: string, call: Call): Reply | undefined {
  const there = routes.find(
    (route) => matchesPath(route.path, call.path) || matchesPath(route.path, `/admin${call.path}`),
  )
  if (!there) return undefined
  const path = matchesPath(there.path, call.path) ? call.target : `/admin${call.target}`
  return redirect(base.replace(/\/+$/, '') + path, 307)
}

const csrfByConfig = new WeakMap<object, CsrfSettings>()

function csrfSettings(ctx: Context): CsrfSettings {
  const { identity } = ctx.config
  const known = csrfByConfig.get(identity)
  if (known) return known
  const { cookies, dev, serve } = identity
  const secure = cookies.secure ?? !dev
  const cookie = {
    path: cookies.path,
    domain: cookies.domain,
    secure,
    sameSite: secure ? cookies.same_site : ('Lax' as const),
  }
  const made = { cookieName: csrfCookieName(serve.public.base_url), cookie }
  csrfByConfig.set(identity, made)
  return made
}

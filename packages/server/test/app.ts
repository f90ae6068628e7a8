import { freshDatabase } from '../../../test/stage/postgres.ts'
import { createProjectToken, requireProjectToken } from '../src/apikey/index.ts'
import { openInstallation } from '../src/app/installation.ts'
import { defaultProject, type IdentityConfig } from '../src/configuration/index.ts'
import { projectContext } from '../src/db/index.ts'
import type { Context, Subscribers } from '../src/kernel/context.ts'
import { guardedFetch } from '../src/kernel/fetch.ts'
import { browsers, createListener, type Route } from '../src/kernel/http/index.ts'
import { keysFrom } from '../src/kernel/keys.ts'
import { createLogger } from '../src/kernel/log.ts'
import { systemRandom } from '../src/kernel/random.ts'
import type { OAuth2Config } from '../src/oauth2/index.ts'
import { ensureProject } from '../src/project/index.ts'
import { movableClock } from './courier.ts'

export { dsns, movableClock } from './courier.ts'

/** What a test sends. */
export interface TestRequest {
  json?: unknown
  text?: string
  headers?: Record<string, string>
  /** Another admin token than the project's; null for none. */
  token?: string | null
}

export interface TestAnswer {
  status: number
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was answered
  body: any
}

/** A project and its API, called without a network. */
export interface TestProject {
  ctx: Context
  token: string
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, request?: TestRequest): Promise<TestAnswer>
}

/**
 * One database, of this test alone, with as many projects as wanted behind one listener. On PostgreSQL it may sort as a
 * language does.
 */
export async function openTestApp(
  dsn: string,
  routes: readonly Route[],
  { language, subscribers }: { language?: string; subscribers?: Subscribers } = {},
) {
  const clock = movableClock()
  const opened = await openInstallation({
    database: dsn === 'memory' ? dsn : await freshDatabase(dsn, language),
    clock,
    random: systemRandom,
    log: createLogger({ level: 'panic' }),
    fetch: guardedFetch({ allowPrivate: true }),
    keys: keysFrom(Buffer.alloc(32, 7)),
    ...(subscribers && { subscribers }),
  })
  const { database, installation } = opened
  const contexts = new Map<string, Context>()
  const http = createListener({
    audience: browsers,
    routes,
    context: (host) => contexts.get(host ?? ''),
    authorize: requireProjectToken,
    csrf: () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' } }),
    cors: () => undefined,
  })

  async function project(
    change: (identity: IdentityConfig) => IdentityConfig = (same) => same,
    changeOAuth2: (oauth2: OAuth2Config) => OAuth2Config = (same) => same,
  ): Promise<TestProject> {
    const slug = `t-${systemRandom.uuid()}`
    const { config } = await defaultProject({ port: 4000, mode: 'dev' })
    const made = await ensureProject(database, { slug, name: 'Harbour' }, { clock, random: systemRandom })
    const identity = change({
      ...config.identity,
      dev: true,
      hashers: { ...config.identity.hashers, bcrypt: { cost: 4 } },
    })
    const ctx = projectContext(database, installation, {
      project: made,
      config: { ...config, identity, oauth2: changeOAuth2(config.oauth2) },
    })
    contexts.set(slug, ctx)
    const own = await createProjectToken(ctx, 'test')
    return {
      ctx,
      token: own,
      async call(method, path, { json, text, headers = {}, token = own } = {}) {
        const payload = json === undefined ? text : JSON.stringify(json)
        const sent: Record<string, string> = {
          host: slug,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        }
        if (token) sent.authorization = `Bearer ${token}`
        const answer = await http.inject({
          method,
          url: path,
          headers: sent,
          ...(payload !== undefined && { payload }),
        })
        const isJson = /^[[{]/.test(answer.payload)
        return {
          status: answer.statusCode,
          headers: answer.headers,
          body: isJson ? JSON.parse(answer.payload) : answer.payload,
        }
      },
    }
  }
  const close = async () => {
    await http.close()
    await opened.close()
  }
  return { database, http, clock, project, close }
}

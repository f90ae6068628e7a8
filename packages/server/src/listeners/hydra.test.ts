import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApp } from '../../test/running.ts'
import { loadOriginals } from '../configuration/index.ts'
import { json, type Route } from '../kernel/http/index.ts'
import { permissionServices } from '../permission/index.ts'
import { hydraListeners } from './hydra.ts'
import type { AppListener } from './plan.ts'

const page = 'http://127.0.0.1:4455'
const noStore = 'private, no-cache, no-store, must-revalidate'

let folder: string
let server: Awaited<ReturnType<typeof openApp>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-listeners-'))
  server = await openApp({ loaded: await loadHydra(`cors: { enabled: true, allowed_origins: ["${page}"] }`) })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function loadHydra(publicKeys = '', more = '') {
  const file = join(folder, 'hydra.yml')
  await writeFile(file, `dsn: memory\ndev: true\nserve: { public: { ${publicKeys} } }\n${more}`)
  return loadOriginals({ hydra: file }, {})
}

type Listeners = { listeners: readonly Pick<AppListener, 'name' | 'http'>[] }

async function send(listener: string, method: string, url: string, headers = {}, to: Listeners = server.app) {
  const found = to.listeners.find(({ name }) => name === listener)
  if (!found) throw new Error(`there is no listener ${listener}`)
  return found.http.inject({ method: method as 'GET', url, headers })
}

const asJson = { accept: 'application/json' }

describe('Hydra alone', () => {
  it('opens its two listeners and no other', () => {
    expect(server.app.listeners.map(({ name, port, isOpen }) => [name, port, isOpen])).toEqual([
      ['public', 4444, false],
      ['admin', 4445, true],
    ])
  })

  it('tells its health on both, and its version and metrics to administrators only', async () => {
    for (const path of ['/health/alive', '/health/ready']) {
      for (const listener of ['public', 'admin']) expect((await send(listener, 'GET', path)).statusCode).toBe(200)
    }
    for (const path of ['/version', '/metrics/prometheus']) {
      expect((await send('admin', 'GET', path)).statusCode).toBe(200)
      expect((await send('admin', 'GET', `/admin${path}`)).statusCode).toBe(200)
      expect((await send('public', 'GET', path)).statusCode).toBe(404)
    }
  })

  it('does not answer with the API of identities', async () => {
    for (const path of ['/self-service/login/api', '/admin/identities', '/sessions/whoami']) {
      for (const listener of ['public', 'admin']) expect((await send(listener, 'GET', path)).statusCode).toBe(404)
    }
  })

  it('takes a new configuration for the requests that follow', async () => {
    const own = await openApp({ loaded: await loadHydra() })
    own.app.reconfigure(await loadHydra('', 'ttl: { access_token: 5m }\n'))
    expect(own.app.ctx.config.oauth2.ttl.access_token).toBe(300_000)
    await own.close()
  })
})

describe('an unknown path', () => {
  it('is answered on the public listener in the media type that is preferred', async () => {
    const body = async (accept?: string) => {
      const answer = await send('public', 'GET', '/no/such/path', accept ? { accept } : {})
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([404, noStore])
      return answer
    }
    expect((await body('application/json')).json()).toEqual({
      error: { code: 404, message: expect.any(String), reason: expect.any(String) },
    })
    expect((await body('text/plain')).headers['content-type']).toMatch(/^text\/plain/)
    for (const accept of [undefined, 'text/html', '*/*', 'image/png']) {
      expect((await body(accept)).headers['content-type']).toMatch(/^text\/html/)
    }
  })

  it('is also another method of a path on the public listener, and refused on the other', async () => {
    const hidden = await send('public', 'POST', '/health/alive', asJson)
    expect([hidden.statusCode, hidden.headers.allow, hidden.json().error.code]).toEqual([404, undefined, 404])
    const refused = await send('admin', 'POST', '/health/alive')
    expect([refused.statusCode, refused.headers.allow, refused.body]).toEqual([405, 'GET, HEAD', 'Method Not Allowed'])
  })

  it('is plain text on the admin listener, other than the root', async () => {
    const unknown = await send('admin', 'GET', '/admin/no/such/path', asJson)
    expect([unknown.statusCode, unknown.body]).toEqual([404, '404 page not found\n'])
    expect((await send('admin', 'GET', '/', asJson)).json().error.code).toBe(404)
  })

  it('does not repeat what was sent', async () => {
    const sent = '/<script>alert(1)</script>'
    expect((await send('public', 'GET', encodeURI(sent), { accept: 'text/html' })).body).not.toContain('alert')
  })
})

describe('pages of other origins', () => {
  const origins = ['https://spa.example.org']
  const asked: string[] = []
  const route = (path: string, more: Partial<Route> = {}): Route => ({
    method: 'GET',
    path,
    plane: 'public',
    listeners: ['hydra-public'],
    csrf: 'off',
    handle: () => json(200, {}),
    ...more,
  })
  const routes = [
    route('/open'),
    route('/for-clients', {
      ownOrigins: (_ctx, call) => {
        asked.push(call.header('origin') ?? '')
        return origins
      },
    }),
  ]

  function listenersOf(app: typeof server.app): Listeners {
    const common = {
      context: () => app.ctx,
      settings: () => ({ hydra: { serve: { public: place, admin: place }, tls: {}, secrets: [] } }) as never,
      observersOf: () => [],
      csrf: () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' as const } }),
      cors: () => undefined,
    }
    const none = { identity: [], permission: [], calls: permissionServices }
    return { listeners: hydraListeners({ metadata: [], oauth2: routes, ...none }, common) }
  }
  const place = { host: '', port: 1, socket: { mode: 0 } }

  const seen = async (path: string, origin: string, to = listenersOf(server.app)) => {
    const { headers } = await send('public', 'GET', path, { origin }, to)
    return [headers.vary, headers['access-control-allow-origin'], headers['access-control-allow-credentials']]
  }

  it('may read where the configuration lets them', async () => {
    expect(await seen('/open', page)).toEqual(['Origin', page, 'true'])
    expect(await seen('/open', 'https://spa.example.org')).toEqual(['Origin', undefined, undefined])
  })

  it('may read where the caller of a route lets them, who is asked for other origins only', async () => {
    expect(await seen('/for-clients', 'https://spa.example.org')).toEqual(['Origin', 'https://spa.example.org', 'true'])
    expect(await seen('/for-clients', 'https://stranger.example.org')).toEqual(['Origin', undefined, undefined])
    expect(await seen('/for-clients', page)).toEqual(['Origin', page, 'true'])
    expect(asked).toEqual(['https://spa.example.org', 'https://stranger.example.org'])
  })

  it('may read nothing if CORS is off, and everything if no origins are listed', async () => {
    const off = await openApp({ loaded: await loadHydra() })
    expect(await seen('/for-clients', 'https://spa.example.org', listenersOf(off.app))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    await off.close()
    const all = await openApp({ loaded: await loadHydra('cors: { enabled: true }') })
    expect(await seen('/open', 'https://any.example.org', listenersOf(all.app))).toEqual(['Origin', '*', undefined])
    await all.close()
  })

  it('may not send requests to the admin listener', async () => {
    for (const headers of [{ origin: 'https://stranger.example.org' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await send('admin', 'GET', '/health/alive', headers)).statusCode).toBe(403)
    }
  })

  it('have a preflight answered for the configured origins', async () => {
    const preflight = (origin: string) =>
      send('public', 'OPTIONS', '/userinfo', {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      })
    const allowed = await preflight(page)
    expect([allowed.statusCode, allowed.headers['access-control-allow-headers']]).toEqual([204, 'authorization'])
    expect((await preflight('https://stranger.example.org')).headers['access-control-allow-origin']).toBeUndefined()
  })
})

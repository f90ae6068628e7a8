import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grpcClient, keto, listening } from '../../test/grpc.ts'
import { openApp } from '../../test/running.ts'
import { serve } from '../app/serve.ts'
import { defaultProject, loadOriginals } from '../configuration/index.ts'
import { json, type Route } from '../kernel/http/index.ts'
import { permissionRoutes, permissionServices } from '../permission/index.ts'
import { ketoListeners } from './keto.ts'
import type { AppListener } from './plan.ts'

type Server = Awaited<ReturnType<typeof openApp>>
const ketoNames = ['read', 'write', 'metrics', 'opl']

let folder: string
let server: Server
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-listeners-'))
  server = await openApp({ loaded: await loadKeto('dsn: memory\nserve: { read: { cors: { enabled: true } } }\n') })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function loadKeto(text: string) {
  const file = join(folder, 'keto.yml')
  await writeFile(file, text)
  return loadOriginals({ keto: file }, {})
}

function send(
  to: { listeners: readonly Pick<AppListener, 'name' | 'http'>[] },
  listener: string,
  method: string,
  url: string,
  headers = {},
) {
  const found = to.listeners.find(({ name }) => name === listener)
  if (!found) throw new Error(`there is no listener ${listener}`)
  return found.http.inject({ method: method as 'GET', url, headers })
}

describe('Keto alone', () => {
  it('opens its four listeners and no other, on every interface', () => {
    expect(server.app.listeners.map(({ name, host, port }) => [name, host, port])).toEqual(
      ketoNames.map((name, index) => [name, '0.0.0.0', 4466 + index]),
    )
  })

  it.each(['read', 'write', 'opl'])('tells of its health and version on %s, to everybody', async (name) => {
    for (const path of ['/health/alive', '/health/ready', '/version'])
      expect((await send(server.app, name, 'GET', path)).statusCode).toBe(200)
    expect((await send(server.app, name, 'GET', '/metrics/prometheus')).statusCode).toBe(404)
  })

  it('has its metrics on a listener of their own', async () => {
    expect((await send(server.app, 'metrics', 'GET', '/metrics/prometheus')).statusCode).toBe(200)
    expect((await send(server.app, 'metrics', 'GET', '/health/alive')).statusCode).toBe(404)
  })

  it('sets no cookie and says nothing of caching', async () => {
    for (const path of ['/health/alive', '/nothing']) {
      const { headers } = await send(server.app, 'write', 'GET', path)
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['set-cookie']))
      expect(headers).not.toHaveProperty('cache-control')
      expect(headers).not.toHaveProperty('vary')
    }
  })

  it('answers pages of other origins on the listener that is configured so', async () => {
    const origin = 'https://app.example.org'
    const asked = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    const preflight = await send(server.app, 'read', 'OPTIONS', '/health/alive', asked)
    expect([preflight.statusCode, preflight.headers['access-control-allow-methods']]).toEqual([204, 'POST'])
    const { headers } = await send(server.app, 'read', 'GET', '/health/alive', { origin })
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', vary: 'Origin' })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
    expect((await send(server.app, 'write', 'OPTIONS', '/health/alive', asked)).statusCode).toBe(403)
    const elsewhere = await send(server.app, 'write', 'GET', '/health/alive', { origin })
    expect(elsewhere.statusCode).toBe(403)
    expect(elsewhere.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('writes where it listens into the file that is named for it', async () => {
    const listener = (name: string, more = '') => `  ${name}: { host: 127.0.0.1, port: 0${more} }\n`
    const file = join(folder, 'read-address')
    const loaded = await loadKeto(
      `log: { level: fatal }\nserve:\n${listener('read', `, write_listen_file: "file://${file}"`)}${ketoNames
        .slice(1)
        .map((name) => listener(name))
        .join('')}`,
    )
    const serving = await serve({ loaded, dsn: 'memory', env: {} })
    const address = await readFile(file, 'utf8')
    expect(serving.addresses[0]).toBe(`http://${address}`)
    expect((await fetch(`http://${address}/health/ready`)).status).toBe(200)
    await serving.close()
  })

  it('deletes everything over gRPC for a query that names nothing, as Keto does', async () => {
    const own = await openApp({ loaded: await loadKeto('namespaces: [{ name: videos }, { name: files }]\n') })
    const client = grpcClient(await listening(own.app.listeners.find(({ name }) => name === 'write')?.http))
    const tuples = ['videos', 'files'].map((namespace) => ({
      namespace,
      object: 'a',
      relation: 'b',
      subject: { id: 'c' },
    }))
    const relationTupleDeltas = tuples.map((relationTuple) => ({ action: 'ACTION_INSERT', relationTuple }))
    await client.call(`${keto}.WriteService/TransactRelationTuples`, { relationTupleDeltas })
    const left = async () => (await send(own.app, 'read', 'GET', '/relation-tuples')).json().relation_tuples
    expect(await left()).toHaveLength(2)
    const remove = `${keto}.WriteService/DeleteRelationTuples`
    expect(await client.call(remove, {})).toMatchObject({ code: status.INVALID_ARGUMENT })
    expect(await left()).toHaveLength(2)
    expect(await client.call(remove, { relationQuery: {} })).toMatchObject({ code: status.OK })
    expect(await left()).toEqual([])
    client.close()
    await own.close()
  })

  it('takes a new configuration for the requests that follow', async () => {
    const own = await openApp({ loaded: await loadKeto('namespaces: [{ name: videos }]\n') })
    own.app.reconfigure(await loadKeto('namespaces: [{ name: files }]\n'))
    expect(own.app.ctx.config.permission.namespaces).toEqual([{ name: 'files', relations: [] }])
    await own.close()
  })
})

describe('the routes of permissions', () => {
  const routes: Route[] = permissionRoutes
    .filter(({ path }) => !path.startsWith('/permissions/'))
    .map((one) => ({ ...one, handle: () => json(200, {}) }))

  async function opened() {
    const loaded = await loadKeto('dsn: memory\n')
    const common = {
      context: () => server.app.ctx,
      settings: () => loaded.installation,
      observersOf: () => [],
      csrf: () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' as const } }),
      cors: () => undefined,
    }
    return {
      listeners: ketoListeners(
        { metadata: [], identity: [], oauth2: [], permission: routes, calls: permissionServices },
        common,
      ),
    }
  }

  it('are served each on its listener alone', async () => {
    const to = await opened()
    for (const { method, path } of routes) {
      const statuses = await Promise.all(
        ketoNames.map(async (name) => [name, (await send(to, name, method, path)).statusCode]),
      )
      const home = path.startsWith('/admin/') ? 'write' : path.startsWith('/opl/') ? 'opl' : 'read'
      expect(statuses).toEqual(ketoNames.map((name) => [name, name === home ? 200 : 404]))
    }
  })

  it.each([
    ['read', 'POST', '/relation-tuples', 'GET, HEAD'],
    ['read', 'OPTIONS', '/relation-tuples', 'GET, HEAD'],
    ['read', 'PUT', '/relation-tuples/check', 'GET, HEAD, POST'],
    ['write', 'GET', '/admin/relation-tuples', 'DELETE, PATCH, PUT'],
    ['opl', 'PUT', '/opl/syntax/check', 'POST'],
  ])('tell on %s what else than %s %s takes', async (name, method, path, allow) => {
    const { statusCode, headers } = await send(await opened(), name, method, path)
    expect({ statusCode, headers }).toMatchObject({
      statusCode: 405,
      headers: { allow, 'content-type': expect.stringMatching(/^text\/plain/) },
    })
  })

  it('need the admin token on one origin', async () => {
    expect(permissionRoutes.filter(({ plane }) => plane !== 'admin')).toEqual([])
    expect(permissionRoutes.filter(({ csrf }) => csrf === 'set')).toEqual([])
    const project = await openApp()
    for (const { method, path } of permissionRoutes) {
      expect((await send(project.app, 'public', method, path)).statusCode, `${method} ${path}`).toBe(401)
    }
    await project.close()
  })
})

describe('Kratos and Keto', () => {
  it('share a process, each with its listeners', async () => {
    const keto = await loadKeto('dsn: memory\n')
    const { config, installation } = await defaultProject({ port: 4000, mode: 'dev' })
    const loaded = {
      ...keto,
      originals: ['kratos', 'keto'] as const,
      config: { ...config, permission: keto.config.permission },
      installation: { ...installation, keto: keto.installation.keto },
    }
    const both = await openApp({ loaded })
    expect(both.app.listeners.map(({ name }) => name)).toEqual(['public', 'admin', ...ketoNames])
    expect((await send(both.app, 'read', 'GET', '/admin/identities')).statusCode).toBe(404)
    expect((await send(both.app, 'admin', 'GET', '/admin/identities')).statusCode).toBe(200)
    expect((await send(both.app, 'admin', 'PUT', '/admin/relation-tuples')).statusCode).toBe(404)
    await both.close()
  })
})

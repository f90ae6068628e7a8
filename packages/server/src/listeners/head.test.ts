import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../test/running.ts'
import { createMetrics } from '../kernel/metrics/index.ts'
import { allRoutes } from './routes.ts'

let server: Awaited<ReturnType<typeof openApp>>
beforeAll(async () => {
  server = await openApp()
})
afterAll(() => server.close())

const password = 'a lantern at the pier'

/** Everything that is stored, by table. */
async function stored(): Promise<Record<string, unknown>> {
  const { unscoped } = server.app.database
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(unscoped)
  const tables = rows.map(({ name }) => name).filter((name) => name !== 'leases')
  const contents = tables.map(async (name) => [
    name,
    (await sql`select * from ${sql.table(name)}`.execute(unscoped)).rows,
  ])
  return Object.fromEntries(await Promise.all(contents))
}

async function head(url: string, headers: Record<string, string>) {
  const http = server.app.listeners[0]?.http ?? expect.fail('there is no listener')
  const answer = await http.inject({ method: 'HEAD', url, headers })
  return { cookies: answer.headers['set-cookie'], payload: answer.payload }
}

test('a HEAD changes nothing, at any address, for any reader', async () => {
  const email = 'ada@harbour.example'
  const { body } = await server.flow('registration', [{ method: 'password', traits: { email }, password }])
  const id = body.identity.id
  const admin = { authorization: `Bearer ${server.token}` }
  const flow = await server.call('GET', '/self-service/login/api')
  const token = { 'x-session-token': body.session_token }
  const routes = allRoutes(
    {
      ...{ database: server.app.database, isClosing: () => false },
      workers: { count: () => ({ listening: 1, wanted: 1 }), areMissing: () => false },
    },
    createMetrics([]),
    { dev: true },
  )
  const paths = [...routes.metadata, ...routes.identity, ...routes.oauth2, ...routes.permission]
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path.replaceAll(/\{\w+\}/g, id))
  expect(paths.length).toBeGreaterThan(50)
  const before = await stored()
  for (const path of paths) {
    if (path === '/permissions/watch') continue
    for (const headers of [{}, token, admin]) {
      for (const query of ['', `?flow=${flow.body.id}&id=${flow.body.id}&token=none`]) {
        const { cookies, payload } = await head(path + query, { ...headers, accept: 'text/html' })
        expect([path, cookies, payload]).toEqual([path, undefined, ''])
      }
    }
  }
  expect(await stored()).toEqual(before)
  expect((await server.call('GET', '/sessions/whoami', { headers: token })).status).toBe(200)
})

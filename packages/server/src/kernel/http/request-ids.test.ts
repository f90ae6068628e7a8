import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { pageRoutes } from '../../pages/index.ts'
import { selfserviceRoutes } from '../../selfservice/index.ts'
import { sessionRoutes } from '../../session/index.ts'
import type { Context } from '../context.ts'

describe('the id of a request that fails unforeseen', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  const logged: unknown[] = []
  beforeAll(async () => {
    app = await openTestApp('memory', [...sessionRoutes, ...selfserviceRoutes, ...pageRoutes({ dev: true })])
    project = await app.project()
    const broken = () => {
      throw new Error('the harbour is closed')
    }
    const db = new Proxy({}, { get: broken }) as Context['db']
    const log = { error: ({ request_id: id }: { request_id: unknown }) => void logged.push(id) }
    Object.assign(project.ctx, { db, asyncCommit: db, log, transaction: broken })
  })
  afterAll(() => app.close())

  test.each([
    ['an operation', '/sessions/whoami', 'application/json'],
    ['a flow', '/self-service/login/api', 'application/json'],
    ['a flow of a script', '/self-service/login/browser', 'application/json'],
  ])('is the same in the answer and in the log, of %s', async (_, path, accept) => {
    const id = `given-${path.replaceAll('/', '.')}`
    const cookie = `${project.ctx.config.identity.session.cookie.name}=anything`
    const { status, body } = await project.call('GET', path, {
      token: null,
      headers: { 'x-request-id': id, accept, cookie },
    })
    expect(status).toBe(500)
    expect(JSON.stringify(body)).toContain(id)
    expect(JSON.stringify(body)).not.toContain('harbour is closed')
    expect(logged).toContain(id)
  })

  test('is in the log where a page says that something went wrong', async () => {
    const cookie = `${project.ctx.config.identity.session.cookie.name}=anything`
    const headers = { 'x-request-id': 'given-page', accept: 'text/html', cookie }
    expect((await project.call('GET', '/ui/sessions', { token: null, headers })).status).toBe(500)
    expect(logged).toContain('given-page')
  })
})

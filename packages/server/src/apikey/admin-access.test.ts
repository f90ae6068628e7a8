import { api, type OperationSpec } from '@latchkey/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApp } from '../../test/running.ts'
import { projectContext } from '../db/index.ts'
import { ensureProject } from '../project/index.ts'
import { createProjectToken } from './index.ts'

const operations: readonly (readonly [string, OperationSpec])[] = Object.entries<OperationSpec>(api).filter(
  ([, { plane }]) => plane !== 'public',
)

describe('administrators’ operations on one origin', () => {
  let server: Awaited<ReturnType<typeof openApp>>
  let foreign: string
  let session: string
  beforeAll(async () => {
    server = await openApp()
    const { database, ctx } = server.app
    const other = await ensureProject(database, { slug: 'other', name: 'Other' }, ctx)
    foreign = await createProjectToken(projectContext(database, ctx, { project: other, config: ctx.config }), 'other')
    const signedUp = { method: 'password', traits: { email: 'ann@harbour.example' }, password: 'a lantern at the pier' }
    session = (await server.flow('registration', [signedUp])).body.session_token
  })
  afterAll(() => server.close())

  async function statusOf(method: string, path: string, headers: Record<string, string>) {
    const http = server.app.listeners[0]?.http
    const body = ['GET', 'DELETE'].includes(method) ? {} : { payload: '{}' }
    const answer = await http?.inject({
      method: method as 'GET',
      url: path,
      headers: { accept: 'application/json', ...(body.payload && { 'content-type': 'application/json' }), ...headers },
      ...body,
    })
    return { status: answer?.statusCode, text: answer?.payload ?? '', headers: answer?.headers }
  }
  const address = ({ path }: OperationSpec) => path.replace(/\{[^}]+\}/g, '0190a1b2-0000-7000-8000-000000000000')

  test('are those of the contract', () => {
    expect(operations.length).toBeGreaterThanOrEqual(19)
    // Those of Keto have other paths.
    const others = operations.filter(([, { path }]) => !path.startsWith('/admin/'))
    expect(others.filter(([, { tag }]) => tag !== 'permission' && tag !== 'relationship')).toEqual([])
  })

  describe.each(operations)('%s', (_, operation) => {
    // A stream does not end: its headers are asked for alone.
    const method = operation.stream ? 'HEAD' : operation.method
    const call = (headers: Record<string, string>, by: string = operation.method) =>
      statusOf(by, address(operation), headers)
    test('answers 401 without a token of the project', async () => {
      const wrong: Record<string, string>[] = [
        {},
        { authorization: `Bearer ${server.token}x` },
        { authorization: `Bearer ${server.token.slice(0, -1)}` },
        { authorization: 'Bearer ory_pat_' },
        { authorization: 'Bearer' },
        { authorization: server.token },
        { authorization: `Basic ${btoa(`${server.token}:`)}` },
        { authorization: `Bearer ${foreign}` },
        { authorization: `Bearer ${session}` },
        { 'x-session-token': session },
        { cookie: `ory_pat=${server.token}` },
      ]
      for (const headers of wrong) {
        const { status, text, headers: given } = await call(headers)
        const { error } = JSON.parse(text)
        const said = operation.errorStyle === 'oauth2' ? error : error.message
        expect([headers, status, said]).toEqual([headers, 401, expect.any(String)])
        expect(given?.['www-authenticate']).toBe('Bearer')
      }
    })

    test('answers otherwise with one', async () => {
      expect((await call({ authorization: `Bearer ${server.token}` }, method)).status).not.toBe(401)
    })
  })

  test.each([
    '/admin/identities/',
    '//admin/identities',
    '/ADMIN/identities',
    '/admin%2fidentities',
    '/admin/%69dentities',
    '/./admin/identities',
    '/ui/../admin/identities',
    '/identities',
    '/admin/identities;x',
    '/admin/identities?token=x',
  ])('are not reached by %s', async (path) => {
    const { status, text } = await statusOf('GET', path, {})
    expect(status).not.toBe(200)
    expect(text).not.toContain('ann@harbour.example')
  })

  test('change nothing when they refuse', async () => {
    const { body } = await server.call('GET', '/admin/identities', {
      headers: { authorization: `Bearer ${server.token}` },
    })
    expect(body.map(({ traits }: { traits: { email: string } }) => traits.email)).toEqual(['ann@harbour.example'])
  })
})

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { api, type ClientOptions, createClient, hasResponse, LatchkeyError } from './index.ts'

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}
type Reply = { status?: number; headers?: Record<string, string>; body?: unknown }

let seen: Seen[] = []
let replies: Reply[] = []
let baseUrl = ''

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  seen.push({ method: request.method, url: request.url, headers: request.headers, body })
  const reply = replies.shift() ?? { body: {} }
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
  response.end(typeof reply.body === 'string' ? reply.body : reply.body && JSON.stringify(reply.body))
})

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  seen = []
  replies = []
})

const make = (options: Partial<ClientOptions> = {}) => createClient({ baseUrl, ...options })
const caught = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error)

describe('a call', () => {
  it('encodes path and query, repeating arrays and omitting undefined values', async () => {
    await make().listIdentities({ query: { ids: ['a', 'b c'], page_size: 2, page_token: undefined } })
    await make().getIdentity({ params: { id: 'a/b?c' }, query: { include_credential: ['password'] } })
    expect(seen.map(({ url }) => url)).toEqual([
      '/admin/identities?ids=a&ids=b+c&page_size=2',
      '/admin/identities/a%2Fb%3Fc?include_credential=password',
    ])
  })

  it.each(['', '.', '..'])('rejects the path parameter "%s", which would change the path', async (id) => {
    expect(await caught(make().deleteIdentity({ params: { id } }))).toBeInstanceOf(TypeError)
    expect(seen).toEqual([])
  })

  it('passes the response headers to the callback for any status', async () => {
    replies = [
      { status: 403, headers: { 'latchkey-snaptoken': '7.x' }, body: { allowed: false } },
      { headers: { 'latchkey-snaptoken': '8.x' }, body: { allowed: true } },
    ]
    const told: unknown[] = []
    const onAnswer = ({ status, headers }: { status: number; headers: Headers }) =>
      void told.push([status, headers.get('latchkey-snaptoken')])
    const query = { namespace: 'Document', object: 'plan', relation: 'view', subject_id: 'ada' }
    await caught(make().checkPermissionOrError({ query }, { onAnswer }))
    await make().checkPermission({ query: { ...query, snaptoken: '7.x' } }, { onAnswer })
    expect(told).toEqual([
      [403, '7.x'],
      [200, '8.x'],
    ])
    expect(seen[1]?.url).toContain('snaptoken=7.x')
  })

  it('sends the body as JSON and resolves to the response body', async () => {
    replies = [{ status: 201, body: { id: 'i-1' } }]
    const identity = await make().createIdentity({ body: { schema_id: 'person', traits: { email: 'a@example.org' } } })
    expect(identity.id).toBe('i-1')
    expect(seen[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } })
    expect(JSON.parse(String(seen[0]?.body))).toEqual({ schema_id: 'person', traits: { email: 'a@example.org' } })
  })

  it('sends a text body unchanged', async () => {
    replies = [{ body: {} }]
    await make().checkOplSyntax({ body: 'class User implements Namespace {}' })
    expect(seen[0]).toMatchObject({
      headers: { 'content-type': 'text/plain' },
      body: 'class User implements Namespace {}',
    })
  })

  it('resolves to undefined if the response has no body', async () => {
    replies = [{ status: 204 }]
    expect(await make().deleteIdentity({ params: { id: 'i-1' } })).toBeUndefined()
  })

  it('accepts a base URL with a path and a trailing slash', async () => {
    await make({ baseUrl: `${baseUrl}/auth/` }).getVersion()
    expect(seen[0]?.url).toBe('/auth/version')
  })

  it('can be aborted', async () => {
    const error = await caught(make().getVersion({}, { signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ name: 'AbortError' })
  })

  it('uses the fetch function from the options', async () => {
    const fake: typeof fetch = async (url) => Response.json({ version: String(url) })
    expect((await make({ fetch: fake }).getVersion()).version).toBe(`${baseUrl}/version`)
  })
})

describe('credentials', () => {
  const credentials = { token: 'ory_pat_x', sessionToken: 'ory_st_x', cookie: 'a=b' }

  it('sends the admin token with admin operations only', async () => {
    await make(credentials).listSessions()
    await make(credentials).toSession()
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer ory_pat_x' })
    expect(seen[1]?.headers).not.toHaveProperty('authorization')
  })

  it('sends session and cookie to public operations only', async () => {
    await make(credentials).toSession()
    await make(credentials).getVersion()
    await make(credentials).listSessions()
    expect(seen[0]?.headers).toMatchObject({ 'x-session-token': 'ory_st_x', cookie: 'a=b' })
    expect(seen[1]?.headers).not.toHaveProperty('x-session-token')
    expect(seen[2]?.headers).not.toHaveProperty('cookie')
  })

  it('uses the session of the call options for one call', async () => {
    await make(credentials).toSession({ headers: { 'x-session-token': 'ory_st_y' } })
    expect(seen[0]?.headers['x-session-token']).toBe('ory_st_y')
  })
})

describe('an error', () => {
  it('has status, id and reason', async () => {
    const error = { code: 401, status: 'Unauthorized', id: 'session_inactive', reason: 'No session.', message: 'm' }
    replies = [{ status: 401, body: { error } }]
    const thrown = await caught(make().toSession())
    expect(thrown).toBeInstanceOf(LatchkeyError)
    expect(thrown).toMatchObject({ status: 401, id: 'session_inactive', reason: 'No session.', message: 'No session.' })
  })

  it('has the flow with its messages as a typed body', async () => {
    replies = [{ status: 400, body: { id: 'f-1', ui: { messages: [{ id: 4000006 }] } } }]
    const login = { method: 'password', identifier: 'a', password: 'b' } as const
    const thrown = await caught(make().updateLoginFlow({ query: { flow: 'f-1' }, body: login }))
    if (!hasResponse(thrown, api.updateLoginFlow, 400)) throw thrown
    expect(thrown.body.ui.messages?.[0]?.id).toBe(4000006)
    expect(hasResponse(thrown, api.updateRegistrationFlow, 400)).toBe(false)
  })

  it('is not narrowed to a flow if the response is a generic error', async () => {
    replies = [{ status: 400, body: { error: { message: 'm', code: 400 } } }]
    const body = { method: 'password', identifier: 'a', password: 'b' } as const
    const thrown = await caught(make().updateLoginFlow({ query: { flow: 'f-1' }, body }))
    expect(hasResponse(thrown, api.updateLoginFlow, 400)).toBe(false)
  })

  it('has the URL to redirect the browser to', async () => {
    const answer = { redirect_browser_to: 'https://example.org/x', error: { message: 'm', code: 422 } }
    replies = [{ status: 422, body: answer }]
    const body = { method: 'oidc', provider: 'acme' } as const
    const thrown = await caught(make().updateLoginFlow({ query: { flow: 'f-1' }, body }))
    expect(hasResponse(thrown, api.updateLoginFlow, 422)).toBe(true)
    expect((thrown as LatchkeyError).redirectBrowserTo).toBe('https://example.org/x')
  })

  it.each(['<html>', '{'])('keeps the text of a body that is not JSON: %s', async (body) => {
    replies = [{ status: 502, body }]
    expect(await caught(make().getVersion())).toMatchObject({ status: 502, body })
  })
})

describe('lists', () => {
  const next = (token: string) => ({
    link: `</admin/identities?page_size=1>; rel="first",</admin/identities?page_size=1&page_token=${token}>; rel="next"`,
  })

  it('are read to the last page, keeping the other parameters', async () => {
    replies = [{ body: [{ id: '1' }], headers: next('t1') }, { body: [{ id: '2' }, { id: '3' }] }]
    const ids: string[] = []
    for await (const identity of make().all('listIdentities', { query: { ids: ['x'], page_size: 1 } }))
      ids.push(identity.id)
    expect(ids).toEqual(['1', '2', '3'])
    expect(seen[1]?.url).toBe('/admin/identities?ids=x&page_size=1&page_token=t1')
  })

  it('can be read page by page', async () => {
    replies = [{ body: [{ id: '1' }], headers: next('t1') }, { body: [] }]
    const sizes: number[] = []
    for await (const page of make().pages('listIdentities')) sizes.push(page.length)
    expect(sizes).toEqual([1, 0])
  })

  it('are paginated by the token in the body if the body is an object', async () => {
    const tuple = (object: string) => ({ namespace: 'Doc', object, relation: 'view', subject_id: 'ada' })
    replies = [
      { body: { relation_tuples: [tuple('1'), tuple('2')], next_page_token: 't1' } },
      { body: { next_page_token: 't2' } },
      { body: { relation_tuples: [tuple('3')], next_page_token: '' } },
    ]
    const objects: string[] = []
    for await (const { object } of make().all('getRelationships', { query: { namespace: 'Doc' } })) objects.push(object)
    expect(objects).toEqual(['1', '2', '3'])
    expect(seen.map(({ url }) => url)).toEqual([
      '/relation-tuples?namespace=Doc',
      '/relation-tuples?namespace=Doc&page_token=t1',
      '/relation-tuples?namespace=Doc&page_token=t2',
    ])
  })

  it('requested with a body send it for every page, and continue after an empty page', async () => {
    replies = [
      { body: { objects: ['1'], next_page_token: 't1' } },
      { body: { objects: [], next_page_token: 't2' } },
      { body: { objects: ['2'], next_page_token: '' } },
    ]
    const body = { namespace: 'Doc', relation: 'view', subject_id: 'ada' }
    const objects: string[] = []
    for await (const object of make().all('listPermissionObjects', { body, query: { page_size: 1 } })) {
      objects.push(object)
    }
    expect(objects).toEqual(['1', '2'])
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /permissions/objects?page_size=1',
      'POST /permissions/objects?page_size=1&page_token=t1',
      'POST /permissions/objects?page_size=1&page_token=t2',
    ])
    expect(seen.map((one) => JSON.parse(one.body))).toEqual([body, body, body])
  })

  it('are fetched lazily', async () => {
    replies = [{ body: [{ id: '1' }], headers: next('t1') }]
    for await (const _ of make().all('listIdentities')) break
    expect(seen).toHaveLength(1)
  })

  it('end if the next page is the same page again', async () => {
    replies = [
      { body: [], headers: next('t1') },
      { body: [], headers: next('t1') },
    ]
    for await (const _ of make().pages('listIdentities'));
    expect(seen).toHaveLength(2)
  })

  it('never send the token to another host that a link names', async () => {
    const link = '<https://elsewhere.example/x?page_token=t1>; rel="next"'
    replies = [{ body: [], headers: { link } }, { body: [] }]
    for await (const _ of make({ token: 'ory_pat_x' }).pages('listIdentities'));
    expect(seen[1]?.url).toBe('/admin/identities?page_token=t1')
  })
})

describe('the types', () => {
  it('require the parameters of an operation and reject others', () => {
    const client = make()
    const never = () => [
      // @ts-expect-error the id is missing
      client.getIdentity(),
      // @ts-expect-error unknown parameter
      client.listIdentities({ query: { size: 1 } }),
      // @ts-expect-error the body is missing
      client.createIdentity({}),
      // @ts-expect-error not a list
      client.all('getIdentity'),
      client.getVersion(),
    ]
    expect(never).toBeTypeOf('function')
  })
})

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openCourierTest, queueCode } from '../../test/courier.ts'
import type { Context } from '../kernel/context.ts'
import { administrators, createListener } from '../kernel/http/index.ts'
import { createChannels } from './channels.ts'
import { deliverDue } from './deliver.ts'
import { listMailbox, readMail } from './mailbox.ts'
import { courierRoutes } from './routes.ts'

describe.each(dsns)('on %s', (_, dsn) => {
  let courier: Awaited<ReturnType<typeof openCourierTest>>
  let ctx: Context
  let http: FastifyInstance
  const ids: string[] = []

  beforeAll(async () => {
    courier = await openCourierTest(dsn)
    ctx = await courier.project()
    http = listenerFor(ctx)
    for (const name of ['ada', 'bob', 'ada', 'ada']) {
      courier.clock.advance(name === 'bob' ? 0 : 1000)
      ids.unshift(await queueCode(ctx, `${name}@harbour.example`))
    }
    await deliverDue(courier, createChannels())
    ids.unshift(await queueCode(ctx, 'waiting@harbour.example'))
  })
  afterAll(async () => {
    await http.close()
    await courier.close()
  })

  const listenerFor = (of: Context) =>
    createListener({
      audience: administrators,
      routes: courierRoutes,
      context: () => of,
      csrf: () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' } }),
      cors: () => undefined,
    })
  const get = async (path: string, from = http) => {
    const answer = await from.inject(path)
    return { status: answer.statusCode, link: String(answer.headers.link ?? ''), body: answer.json() }
  }
  const list = (query: string) => get(`/admin/courier/messages${query}`)
  const relation = (link: string, name: string) => new RegExp(`<([^>]+)>; rel="${name}"`).exec(link)?.[1]

  test('lists what was queued and sent, newest first', async () => {
    const { status, body, link } = await list('')
    expect(status).toBe(200)
    expect(body.map((one: { id: string }) => one.id)).toEqual(ids)
    expect(body[1]).toEqual({
      id: ids[1],
      status: 'sent',
      type: 'email',
      recipient: 'ada@harbour.example',
      subject: 'Your code to sign in to Harbour & Sons',
      body: expect.stringContaining('402118'),
      template_type: 'login_code_valid',
      channel: 'email',
      send_count: 1,
      created_at: expect.stringMatching(/^2026-01-01T/),
      updated_at: expect.stringMatching(/^2026-01-01T/),
    })
    expect(link).toMatch(/^<\/admin\/courier\/messages\?page_size=10&page_token=[\w.-]+>; rel="first"$/)
  })

  test('pages follow each other without gap or repetition, and keep their filters', async () => {
    const seen: string[] = []
    let pages = 0
    for (
      let path: string | undefined = '/admin/courier/messages?recipient=ada%40harbour.example&page_size=2';
      path;
      pages++
    ) {
      const { body, link } = await get(path)
      seen.push(...body.map((one: { id: string }) => one.id))
      path = relation(link, 'next')
      expect(relation(link, 'first')).toContain('&recipient=ada%40harbour.example')
    }
    expect(pages).toBe(2)
    expect(seen).toEqual([ids[1], ids[2], ids[4]])
  })

  test('messages of the same moment are on one page each', async () => {
    // Of the two messages of one moment, the last two, the first is the last of its page.
    for (const size of [1, 2, 3, 4]) {
      const seen: string[] = []
      const first = await list(`?page_size=${size}`)
      for (let page = first; ; page = await get(relation(page.link, 'next') ?? '')) {
        seen.push(...page.body.map((one: { id: string }) => one.id))
        if (!relation(page.link, 'next')) {
          expect((await get(relation(page.link, 'first') ?? '')).body).toEqual(first.body)
          break
        }
      }
      expect([size, seen]).toEqual([size, ids])
    }
  })

  test('filters by status and by the exact recipient', async () => {
    expect((await list('?status=queued')).body).toHaveLength(1)
    expect((await list('?status=sent')).body).toHaveLength(4)
    expect((await list('?status=abandoned')).body).toEqual([])
    expect((await list('?recipient=ADA@harbour.example')).body).toEqual([])
    expect((await list('?recipient=')).body).toHaveLength(5)
  })

  test.each([
    '?status=',
    '?status=QUEUED',
    '?recipient=%00',
    '?status=lost',
    '?page_size=many',
    '?page_token=garbage',
    '?page_token=MS8x.x',
  ])('refuses %s', async (query) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { error: { code: 400 } } })
  })

  test('page sizes are brought within bounds', async () => {
    expect((await list('?page_size=0')).link).toContain('page_size=10&')
    expect((await list('?page_size=1001')).link).toContain('page_size=500&')
  })

  test("another project's page token and messages do not count", async () => {
    const other = listenerFor(await courier.project())
    const token = /page_token=([^&>]+)/.exec((await list('')).link)?.[1]
    expect((await get(`/admin/courier/messages?page_token=${token}`, other)).status).toBe(400)
    expect((await get('/admin/courier/messages', other)).body).toEqual([])
    expect((await get(`/admin/courier/messages/${ids[1]}`, other)).status).toBe(404)
    await other.close()
  })

  test('one message carries the attempts to deliver it', async () => {
    const { status, body } = await get(`/admin/courier/messages/${ids[1]}`)
    expect(status).toBe(200)
    expect(body.dispatches).toEqual([
      {
        id: expect.any(String),
        message_id: ids[1],
        status: 'success',
        error: null,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ])
    expect((await get(`/admin/courier/messages/${ids[0]}`)).body).not.toHaveProperty('dispatches')
  })

  test('an unknown message is 404, a malformed id 400', async () => {
    expect((await get('/admin/courier/messages/5f3a2b10-9c1d-4e77-8a55-0123456789ab')).status).toBe(404)
    expect((await get('/admin/courier/messages/not-a-uuid')).status).toBe(400)
  })

  test('outside development mode nobody reads codes', async () => {
    const closed = await courier.project({ delivery_strategy: 'http' })
    const id = await queueCode(closed, 'ada@harbour.example')
    const other = listenerFor(closed)
    const { body } = await get(`/admin/courier/messages/${id}`, other)
    expect(body).toMatchObject({
      body: '<hidden outside development mode>',
      subject: '<hidden outside development mode>',
    })
    expect(await listMailbox(closed)).toEqual([])
    expect(await readMail(closed, id)).toBeUndefined()
    await other.close()
  })

  test('the mailbox shows text and HTML', async () => {
    const [mail] = await listMailbox(ctx, { to: 'ada@harbour.example', limit: 1 })
    expect(mail).toMatchObject({ id: ids[1], via: 'email', to: 'ada@harbour.example' })
    expect(mail?.html).toContain('Harbour &amp; Sons')
    expect(await readMail(ctx, mail?.id ?? '')).toEqual(mail)
  })
})

import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import { projectContext } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { changeTuples } from '../tuples/change.ts'
import { revisionNotifierOf } from './revision-notifier.ts'
import { changeRoutes } from './routes.ts'
import { removeOldChanges } from './store.ts'
import { afterRevision, snapshotToken } from './token.ts'
import { watchChanges } from './watch.ts'

interface Event {
  id: string
  objects: string[]
}

describe.each(dsns)('the stream of changes on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let origin: string
  let one: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, changeRoutes)
    await app.http.listen({ host: '127.0.0.1', port: 0 })
    origin = `http://127.0.0.1:${(app.http.server.address() as AddressInfo).port}`
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    one = withModel(await app.project())
  })

  const write = (object: string, { ctx }: { ctx: Context } = one) =>
    changeTuples(ctx, [{ action: 'insert', tuple: tupleOf(`Document:${object}#viewers@ada`) }])

  /** Opens a stream; `next` gives the next event, and an id that comes by itself as one without objects. */
  async function open(query = '', headers: Record<string, string> = {}, { ctx, token } = one) {
    const request = http.get(`${origin}/permissions/watch${query}`, {
      headers: { host: ctx.project.slug, authorization: `Bearer ${token}`, ...headers },
    })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const events = read(response)
    return {
      status: response.statusCode,
      headers: response.headers,
      next: async (): Promise<Event | undefined> => (await events.next()).value ?? undefined,
      unfollow: () => void request.destroy(),
    }
  }
  const left = (ctx: Context, count = 0) => expect.poll(() => revisionNotifierOf(ctx).followers).toBe(count)

  it('tells what happens from now on, as soon as it is committed', async () => {
    await write('before')
    const { status, headers, next, unfollow } = await open()
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(headers['cache-control']).toContain('no-transform')
    expect(await next()).toEqual({ id: snapshotToken(one.ctx, 1), objects: [] })
    await write('a')
    expect(await next()).toEqual({ id: snapshotToken(one.ctx, 2), objects: ['a'] })
    await one.ctx.transaction(async (tx) => {
      await write('b', { ctx: tx })
      await write('c', { ctx: tx })
    })
    expect(await next()).toEqual({ id: snapshotToken(one.ctx, 4), objects: ['b', 'c'] })
    unfollow()
    await left(one.ctx)
  })

  it('begins after a state, and goes on after the last event that arrived', async () => {
    for (const object of ['a', 'b', 'c']) await write(object)
    const token = (revision: number) => snapshotToken(one.ctx, revision)
    const first = await open(`?snaptoken=${token(1)}`)
    expect(await first.next()).toEqual({ id: token(1), objects: [] })
    expect(await first.next()).toEqual({ id: token(3), objects: ['b', 'c'] })
    first.unfollow()
    const again = await open(`?snaptoken=${token(1)}`, { 'last-event-id': token(2) })
    await again.next()
    expect(await again.next()).toEqual({ id: token(3), objects: ['c'] })
    again.unfollow()
  })

  it('tells those of one namespace alone, and nothing of another project', async () => {
    const other = withModel(await app.project())
    const { next, unfollow } = await open('?namespace=Group')
    await next()
    await write('a')
    await write('b', other)
    await changeTuples(one.ctx, [{ action: 'insert', tuple: tupleOf('Group:crew#members@ada') }])
    expect(await next()).toEqual({ id: snapshotToken(one.ctx, 2), objects: ['crew'] })
    unfollow()
  })

  it('hears of what another process does', async () => {
    const { next, unfollow } = await open()
    await next()
    // Another object for the same project, as another process has it: it tells this one nothing.
    const { ctx } = one
    const elsewhere = projectContext(app.database, ctx, { project: { ...ctx.project }, config: ctx.config })
    await write('far', { ctx: elsewhere })
    expect(await next()).toMatchObject({ objects: ['far'] })
    unfollow()
  })

  it('tells many watchers of everything, also where several write at once', async () => {
    const watchers = await Promise.all(Array.from({ length: 5 }, () => open()))
    for (const { next } of watchers) await next()
    const objects = Array.from({ length: 40 }, (_, i) => `o${i}`)
    await Promise.all(objects.map((object) => write(object)))
    const orders = await Promise.all(
      watchers.map(async ({ next, unfollow }) => {
        const seen: string[] = []
        while (seen.length < objects.length) seen.push(...((await next())?.objects ?? []))
        unfollow()
        return seen
      }),
    )
    expect(orders[0]?.toSorted()).toEqual(objects.toSorted())
    for (const order of orders) expect(order).toEqual(orders[0])
  })

  it('says something while nothing happens, and where it is when nothing was wanted', async () => {
    const { ctx } = one
    const { signal } = new AbortController()
    const pieces = watchChanges(ctx, afterRevision(0), { signal, namespace: 'Group', beatMs: 5 })
    expect((await pieces.next()).value).toBe(`id: ${snapshotToken(ctx, 0)}\n\n`)
    expect((await pieces.next()).value).toBe(':\n\n')
    await write('a')
    expect((await pieces.next()).value).toBe(`id: ${snapshotToken(ctx, 1)}\n\n`)
    expect((await pieces.next()).value).toBe(':\n\n')
    await pieces.return()
    expect(revisionNotifierOf(ctx).followers).toBe(0)
  })

  it('refuses a place that is gone or was made up, and a namespace that is not there', async () => {
    await write('a')
    const gone = snapshotToken(one.ctx, 0)
    await removeOldChanges(one.ctx, Date.UTC(2100, 0, 1), 10)
    const status = async (query: string, headers?: Record<string, string>) => (await open(query, headers)).status
    expect(await status(`?snaptoken=${gone}`)).toBe(410)
    expect(await status('', { 'last-event-id': gone })).toBe(410)
    expect(await status('?snaptoken=made-up')).toBe(400)
    expect(await status('?namespace=Nowhere')).toBe(404)
    expect(await status('', { authorization: 'Bearer made-up' })).toBe(401)
    expect(revisionNotifierOf(one.ctx).followers).toBe(0)
  })

  it('serves so many watchers at once and no more, until one leaves', async () => {
    const watchers = await Promise.all(Array.from({ length: 100 }, () => open()))
    const refused = await open()
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30'])
    const other = await open('', {}, withModel(await app.project()))
    expect(other.status).toBe(200)
    watchers.pop()?.unfollow()
    await left(one.ctx, 99)
    const taken = await open()
    expect(taken.status).toBe(200)
    for (const { unfollow } of [...watchers, taken, other]) unfollow()
    await left(one.ctx)
  })

  it('answers a question for the headers alone without a stream', async () => {
    const headers = { host: one.ctx.project.slug, authorization: `Bearer ${one.token}` }
    const request = http.request(`${origin}/permissions/watch`, { method: 'HEAD', headers }).end()
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    await once(answer.resume(), 'end')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(revisionNotifierOf(one.ctx).followers).toBe(0)
  })
})

async function* read(response: http.IncomingMessage): AsyncGenerator<Event, void, undefined> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, id] = /^id: (.*)$/m.exec(block) ?? []
      const [, data = '{"changes":[]}'] = /^data: (.*)$/m.exec(block) ?? []
      const { changes } = JSON.parse(data) as { changes: { relation_tuple: { object: string } }[] }
      if (id) yield { id, objects: changes.map(({ relation_tuple }) => relation_tuple.object) }
    }
  }
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import { changeTuples, removeTuples } from '../tuples/change.ts'
import { tupleOf as tupleOfRow } from '../tuples/subject.ts'
import { beginning, end, type ReadChange, readPage } from './read.ts'
import { recordChanges } from './record.ts'
import { changeRoutes } from './routes.ts'
import { currentRevision, insertChanges, nextRevision, removeOldChanges } from './store.ts'
import { afterRevision, type Place, placeToken, revisionOf, snapshotToken } from './token.ts'

const far = Date.UTC(2100, 0, 1)

describe.each(dsns)('the record of changes on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let one: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, changeRoutes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    one = withModel(await app.project())
  })

  const change = (...texts: string[]) =>
    changeTuples(
      one.ctx,
      texts.map((text) => ({ action: text.startsWith('-') ? 'delete' : 'insert', tuple: tupleOf(text.slice(1)) })),
    )
  const many = (count: number, prefix = '+Document:d#viewers@') => Array.from({ length: count }, (_, i) => prefix + i)
  /** All that can be read from a place on, page by page. */
  async function rest(from: Place, size = 10, namespace?: string) {
    const pages: { told: string[]; next: Place }[] = []
    for (let place = from; ; ) {
      const { changes, next, more } = await readPage(one.ctx, place, { size, namespace })
      pages.push({ told: changes.map(told), next })
      if (!more) return pages
      place = next
    }
  }
  const all = async (from: Place, size?: number, namespace?: string) =>
    (await rest(from, size, namespace)).flatMap((page) => page.told)

  it('tells what was committed in the order of the commits, and nothing of what was not', async () => {
    await change('+Document:a#viewers@ada', '+Document:a#viewers@(Group:crew#members)')
    await expect(
      one.ctx.transaction(async (tx) => {
        await changeTuples(tx, [{ action: 'insert', tuple: tupleOf('Document:lost#viewers@ada') }])
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    await change('-Document:a#viewers@ada', '+Document:b#viewers@ben')
    await removeTuples(one.ctx, { namespace: 'Document', object: 'b' })
    await removeTuples(one.ctx, { namespace: 'Document', object: 'nothing' })
    expect(await all(await beginning(one.ctx))).toEqual([
      '+Document:a#viewers@ada',
      '+Document:a#viewers@(Group:crew#members)',
      '+Document:b#viewers@ben',
      '-Document:a#viewers@ada',
      '-Document:b#viewers@ben',
    ])
  })

  it('gives the rest from wherever one stopped, whatever the sizes of pages and transactions', async () => {
    const sizes = [1, 3, 12, 1, 2500, 2]
    const written = sizes.flatMap((size, i) => many(size, `+Document:d${i}#viewers@`))
    for (const [i, size] of sizes.entries()) await change(...many(size, `+Document:d${i}#viewers@`))
    const start = await beginning(one.ctx)
    for (const size of [7, 999, 1000]) {
      const pages = await rest(start, size)
      expect(pages.flatMap(({ told }) => told)).toEqual(written)
      for (const { told } of pages) expect(told.length).toBeLessThanOrEqual(size)
    }
    const pages = await rest(start, 700)
    for (const [i, { next }] of pages.entries()) {
      expect(await all(next, 400)).toEqual(pages.slice(i + 1).flatMap(({ told }) => told))
    }
  })

  it('ends a page between two transactions where it can', async () => {
    for (const size of [3, 3, 3, 25, 2]) await change(...many(size))
    const lengths = (await rest(await beginning(one.ctx), 10)).map(({ told, next }) => [told.length, next.index])
    expect(lengths).toEqual([
      [9, 0],
      [10, 10],
      [10, 20],
      [7, 0],
    ])
  })

  it('tells those of one namespace, also behind many others', async () => {
    await change(...many(1500), '+Group:crew#members@ada')
    await change('+Document:d#viewers@(Group:crew#members)')
    await change('-Group:crew#members@ada')
    expect(await all(await beginning(one.ctx), 1, 'Group')).toEqual([
      '+Group:crew#members@ada',
      '-Group:crew#members@ada',
    ])
    expect(await all(await beginning(one.ctx), 5, 'User')).toEqual([])
  })

  it('has tokens for every place, which also ask a check for no older state', async () => {
    const { ctx } = one
    const revision = await change(...many(30))
    const { next } = await readPage(ctx, afterRevision(revision - 1), { size: 10 })
    expect(next.index).toBe(10)
    expect(revisionOf(ctx, placeToken(ctx, next))).toBe(revision)
    expect(placeToken(ctx, await end(ctx))).toBe(snapshotToken(ctx, revision))
  })

  it('cannot be read from what was removed of it, and stays readable from its end', async () => {
    await change('+Document:a#viewers@ada')
    await change(...many(2500))
    await change('+Document:b#viewers@ada')
    const { ctx } = one
    expect(await removeOldChanges(ctx, far, 2)).toBe(2)
    for (const [revision, part] of [
      [1, 0],
      [2, 0],
    ] as const) {
      await expect(readPage(ctx, { revision, part, index: 0 }, { size: 10 })).rejects.toMatchObject({ code: 410 })
    }
    expect(await all({ revision: 2, part: 1, index: 0 }, 1000)).toHaveLength(1501)
    expect(await all(await beginning(ctx))).toEqual(['+Document:b#viewers@ada'])
    expect(await removeOldChanges(ctx, far, 10)).toBe(3)
    expect(await removeOldChanges(ctx, far, 10)).toBe(0)
    expect(await beginning(ctx)).toEqual(await end(ctx))
    expect(await all(await end(ctx))).toEqual([])
    await change('+Document:c#viewers@ada')
    expect(await all(afterRevision(3))).toEqual(['+Document:c#viewers@ada'])
    await expect(readPage(ctx, afterRevision(2), { size: 10 })).rejects.toMatchObject({ code: 410 })
  })

  it('keeps what follows on what it keeps, whatever the clocks say', async () => {
    const { ctx } = one
    for (const changedAt of [100, 300, 200, 400]) {
      const revision = await nextRevision(ctx)
      await insertChanges(ctx, { revision, part: 0, count: 0, changes: '[]', changed_at: changedAt })
    }
    expect(await removeOldChanges(ctx, 250, 10)).toBe(1)
    expect((await readPage(ctx, afterRevision(1), { size: 10 })).next).toEqual(afterRevision(4))
  })

  it('is told page by page over HTTP', async () => {
    await change('+Document:a#viewers@ada', '+Group:crew#members@ada')
    await change('+Document:b#viewers@(Group:crew#members)')
    const first = await one.call('GET', '/permissions/changes?page_size=2')
    expect(first).toMatchObject({ status: 200, body: { has_more: true } })
    expect(first.body.changes[0]).toEqual({
      action: 'insert',
      relation_tuple: { namespace: 'Document', object: 'a', relation: 'viewers', subject_id: 'ada' },
      changed_at: new Date(one.ctx.clock.now()).toISOString(),
    })
    const second = await one.call('GET', `/permissions/changes?snaptoken=${first.body.snaptoken}`)
    expect(second.body).toMatchObject({ changes: [{ relation_tuple: { object: 'b' } }], has_more: false })
    const last = await one.call('GET', `/permissions/changes?snaptoken=${second.body.snaptoken}`)
    expect(last.body).toEqual({ changes: [], snaptoken: second.body.snaptoken, has_more: false })
    const groups = await one.call('GET', '/permissions/changes?namespace=Group')
    expect(groups.body.changes).toHaveLength(1)
  })

  it('refuses what it did not make, what it does not know and what is gone', async () => {
    const { ctx } = one
    await change('+Document:a#viewers@ada')
    const other = withModel(await app.project())
    const status = async (query: string) => (await one.call('GET', `/permissions/changes?${query}`)).status
    const token = snapshotToken(ctx, 1)
    for (const forged of [token.replace('1', '2'), '1', 'x', `${token}x`, snapshotToken(other.ctx, 1)]) {
      expect([forged, await status(`snaptoken=${forged}`)]).toEqual([forged, 400])
    }
    expect(await status('page_size=0')).toBe(400)
    expect(await status('page_size=ten')).toBe(400)
    expect(await status('namespace=Nowhere')).toBe(404)
    await removeOldChanges(ctx, far, 10)
    expect(await status(`snaptoken=${snapshotToken(ctx, 0)}`)).toBe(410)
    // A database that was set back to a backup has not come so far yet.
    expect(await status(`snaptoken=${snapshotToken(ctx, 7)}`)).toBe(410)
    expect((await one.call('GET', '/permissions/changes', { token: null })).status).toBe(401)
  })

  it('has no gap and no revision before an earlier one while many write at once', async () => {
    const seen: ReadChange[] = []
    let place = await end(one.ctx)
    let writing = true
    const reading = (async () => {
      for (let over = false; !over; ) {
        const last = !writing
        const page = await readPage(one.ctx, place, { size: 7 })
        seen.push(...page.changes)
        place = page.next
        over = last && !page.more
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const writers = Array.from({ length: 12 }, (_, writer) =>
      Array.from({ length: 15 }, (_, i) => i).reduce(
        (before, i) => before.then(() => change(`+Document:${writer}#viewers@${i}`, `+Group:${writer}#members@${i}`)),
        Promise.resolve(0),
      ),
    )
    await Promise.all(writers)
    writing = false
    await reading
    expect(place).toEqual(afterRevision(await currentRevision(one.ctx)))
    expect(seen).toHaveLength(12 * 15 * 2)
    for (let writer = 0; writer < 12; writer++) {
      const own = seen.filter(({ tuple }) => tuple.object === String(writer) && tuple.namespace === 'Document')
      expect(own.map(({ tuple }) => Number(tuple.subject_object))).toEqual(Array.from({ length: 15 }, (_, i) => i))
    }
  })

  it('counts no revision for a transaction that changes nothing', async () => {
    const before = await currentRevision(one.ctx)
    expect(await recordChanges(one.ctx, [])).toBe(before)
    expect(await currentRevision(one.ctx)).toBe(before)
  })
})

function told({ action, tuple }: ReadChange): string {
  const { namespace, object, relation, subject_id, subject_set: set } = tupleOfRow(tuple)
  const subject = set ? `(${set.namespace}:${set.object}#${set.relation})` : subject_id
  return `${action === 'insert' ? '+' : '-'}${namespace}:${object}#${relation}@${subject}`
}

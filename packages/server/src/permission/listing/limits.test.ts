import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import { changeTuples } from '../tuples/change.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { maxCheckedNames, maxDurationMs, maxFound } from './limits.ts'
import { listObjects } from './objects.ts'
import { listSubjects } from './subjects.ts'

const model = `
class User implements Namespace {}
class Paper implements Namespace {
  related: { readers: User[]; parents: Paper[] }
  permits = {
    read: (ctx) => this.related.readers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.read(ctx)),
    miss: (ctx) => !this.related.readers.includes(ctx.subject),
  }
}`

const papers = Array.from({ length: maxFound + 50 }, (_, i) => String(i).padStart(6, '0'))
const page = { size: 100, token: '' }

/** With more of everything than is followed or checked for one page. */
describe.each(dsns)('long lists on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())

  async function opened(tuples: readonly RelationTuple[]): Promise<Context> {
    const { ctx } = withModel(await app.project(), model)
    await changeTuples(
      ctx,
      tuples.map((tuple) => ({ action: 'insert', tuple })),
    )
    return ctx
  }

  const readers = (object: string, subject: string) => ({
    ...{ namespace: 'Paper', object, relation: 'readers', subject_id: subject },
  })
  const ofAnn = (relation: string) => ({
    ...{ namespace: 'Paper', relation, options: {}, subject: { subject_id: 'ann' } },
  })
  const ids = (object: string) => ({ of: ['Paper', object, 'read'], shape: ['', ''], options: {} }) as const

  it('of objects go on where too many are found', { timeout: 60_000 }, async () => {
    const ctx = await opened(papers.map((object) => readers(object, 'ann')))
    const first = await listObjects(ctx, ofAnn('read'), page)
    expect(first.objects).toEqual(papers.slice(0, 100))
    const second = await listObjects(ctx, ofAnn('read'), { ...page, token: first.next_page_token })
    expect(second.objects).toEqual(papers.slice(100, 200))
  })

  it('of subjects of a large set are read page by page', { timeout: 60_000 }, async () => {
    const ctx = await opened(papers.map((subject) => readers('one', subject)))
    const first = await listSubjects(ctx, ids('one'), page)
    const second = await listSubjects(ctx, ids('one'), { ...page, token: first.next_page_token })
    const listed = [...first.subjects, ...second.subjects].map(({ subject_id: id }) => id)
    expect(listed).toEqual(papers.slice(0, 200))
  })

  it('of subjects below too many objects are read from all', { timeout: 60_000 }, async () => {
    const place = { namespace: 'Paper', object: 'leaf', relation: 'parents' }
    const parents = papers.map((object) => ({ ...place, subject_set: { namespace: 'Paper', object, relation: '' } }))
    const ctx = await opened([...parents, readers(papers.at(-1) ?? '', 'ann'), readers('elsewhere', 'ben')])
    expect(await listSubjects(ctx, ids('leaf'), page)).toEqual({
      subjects: [{ subject_id: 'ann' }],
      next_page_token: '',
    })
  })

  it('end a page after so many checks, and go on with the next', { timeout: 60_000 }, async () => {
    const read = papers.slice(0, maxCheckedNames).map((object) => readers(object, 'ann'))
    const ctx = await opened([...read, readers('x', 'ben'), readers('y', 'ann'), readers('z', 'ben')])
    const first = await listObjects(ctx, ofAnn('miss'), page)
    expect([first.objects, first.next_page_token !== '']).toEqual([[], true])
    const second = await listObjects(ctx, ofAnn('miss'), { ...page, token: first.next_page_token })
    expect(second).toEqual({ objects: ['x', 'z'], next_page_token: '' })
  })

  it('end a page after so long, but never without a step', async () => {
    const own = papers.slice(0, 120)
    const ctx = await opened(own.map((object) => readers(object, 'ann')))
    let elapsed = 0
    // Each look at this clock takes longer than a page may.
    const slow = { ...ctx, clock: { ...ctx.clock, monotonic: () => (elapsed += maxDurationMs + 1) } }
    const found: string[] = []
    for (let token = ''; ; ) {
      const { objects, next_page_token: next } = await listObjects(slow, ofAnn('read'), { ...page, token })
      expect([objects.length > 0, objects.length < own.length]).toEqual([true, true])
      found.push(...objects)
      token = next
      if (token === '') break
    }
    expect(found).toEqual(own)
  })
})

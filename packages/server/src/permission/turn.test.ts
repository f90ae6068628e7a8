import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../test/app.ts'
import { tupleOf } from '../../test/permission/notation.ts'
import { withModel } from '../../test/permission/with-model.ts'
import { turnsDuring } from '../../test/turns.ts'
import type { Context } from '../kernel/context.ts'
import { afterRevision } from './changes/token.ts'
import { watchChanges } from './changes/watch.ts'
import { batchCheck } from './check/batch.ts'
import { check } from './check/check.ts'
import { expand } from './expand/expand.ts'
import { explain } from './explain/explain.ts'
import { listObjects } from './listing/objects.ts'
import { listSubjects } from './listing/subjects.ts'
import { checkSyntax } from './syntax.ts'
import { changeTuples, removeTuples } from './tuples/change.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; blocks: Folder[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    open: (ctx) => this.related.parents.traverse((p) => p.permits.unblocked(ctx)),
    unblocked: (ctx) => !this.related.blocks.traverse((p) => p.permits.blocked(ctx)) && this.related.viewers.includes(ctx.subject),
    blocked: (ctx) => this.related.parents.traverse((p) => p.related.viewers.includes(ctx.subject)),
  }
}`

/**
 * What held the event loop for seconds has to let it turn. Turns are counted, since times depend on the machine; the
 * limit on the time is many times what is expected, and a fraction of what it was.
 */
const most = { longestMs: 800 }
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it.each([
  ['classes', (i: number) => `class C${i} implements Namespace { related: { a: C${i}[] } }`, ['', '']],
  ['relations', (i: number) => `r${i}: C[]`, ['class C implements Namespace { related: {', '} }']],
  ['types', () => 'C|', ['class C implements Namespace { related: { a: (', 'C)[] } }']],
  [
    'operands',
    () => 'this.related.a.includes(ctx.subject)||',
    [
      'class C implements Namespace { related: { a: C[] } permits = { p: (ctx) => ',
      'this.related.a.includes(ctx.subject) } }',
    ],
  ],
  ['words', () => 'x ', ['', '']],
])('the event loop turns during a syntax check of a megabyte of %s', async (_, unit, [before, after]) => {
  const count = Math.floor(1_000_000 / unit(100_000).length)
  const text = `${before}${Array.from({ length: count }, (_, i) => unit(i)).join('\n')}${after}`
  let result: unknown
  const turns = await turnsDuring(async () => {
    result = await checkSyntax(text)
  })
  expect(result).toEqual({})
  expect(turns.count).toBeGreaterThan(15)
  expect(turns.longestMs).toBeLessThan(most.longestMs)
})

describe.each(dsns)('the event loop turns on %s during', { timeout: 120_000 }, (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())

  async function projectWith(texts: readonly string[]): Promise<Context> {
    const limit = { max_read_depth: 20, max_read_width: 65_535 }
    const { ctx } = withModel(await app.project(), model, { limit })
    for (let at = 0; at < texts.length; at += 5000) await insert(ctx, texts.slice(at, at + 5000))
    return ctx
  }
  const insert = (ctx: Context, texts: readonly string[]) =>
    changeTuples(
      ctx,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )

  async function expectTurns(atLeast: number, work: () => Promise<unknown>): Promise<void> {
    const turns = await turnsDuring(work)
    expect(turns.count).toBeGreaterThan(atLeast)
    expect(turns.longestMs).toBeLessThan(most.longestMs)
  }

  it('checks and lists over a deep tree', async () => {
    const parents = (i: number) =>
      [(i - 1) >> 1, (i * 7 + 3) % 1000].map((to) => `Folder:f${i}#parents@(Folder:f${to}#)`)
    const ctx = await projectWith(numbers(1000).flatMap(parents))
    const asked = numbers(10).map((i) => ({ namespace: 'Folder', object: `f${990 + i}`, relation: 'view' }))
    await expectTurns(50, () =>
      batchCheck(
        ctx,
        asked.map((one) => ({ ...one, subject_id: 'eve' })),
        {},
      ),
    )
    await insert(ctx, ['Folder:f0#viewers@bob', 'Folder:f1#viewers@bob'])
    const page = { size: 5, token: '' }
    const objects = { namespace: 'Folder', relation: 'view', subject: { subject_id: 'bob' }, options: {} }
    await expectTurns(5, () => listObjects(ctx, objects, page))
    const subjects = { of: ['Folder', 'f999', 'view'], shape: ['', ''], options: {} } as const
    await expectTurns(5, () => listSubjects(ctx, subjects, page))
  })

  it('explanations and expansions of many subject sets', async () => {
    const ctx = await projectWith(numbers(5000).map((i) => `Folder:x#viewers@(Group:g${i}#members)`))
    await expectTurns(20, () => explain(ctx, tupleOf('Folder:x#view@bob'), {}))
    await expectTurns(3, () => expand(ctx, ['Folder', 'x', 'viewers'], 5))
    await expectTurns(5, () => removeTuples(ctx, { namespace: 'Folder' }))
  })

  it('an explanation that comes to the same subject sets many times', async () => {
    const middle = (i: number) => [
      `Folder:root#parents@(Folder:m${i}#)`,
      `Folder:m${i}#blocks@(Folder:b#)`,
      `Folder:m${i}#viewers@bob`,
    ]
    const ctx = await projectWith([
      ...numbers(50).flatMap(middle),
      ...numbers(4000).map((i) => `Folder:b#parents@(Folder:z${i}#)`),
      'Folder:z3999#viewers@bob',
    ])
    await expectTurns(60, () => explain(ctx, tupleOf('Folder:root#open@bob'), {}))
  })

  it('a large write, and while a process catches up with many', async () => {
    const ctx = await projectWith(['Folder:x#viewers@ann'])
    expect((await check(ctx, tupleOf('Folder:x#view@ben'))).allowed).toBe(false)
    const other = { ...ctx, project: { ...ctx.project } }
    await expectTurns(5, () =>
      insert(
        other,
        numbers(4000).map((i) => `Folder:y${i}#viewers@ann`),
      ),
    )
    const behind = await projectWith(['Folder:x#viewers@ann'])
    await check(behind, tupleOf('Folder:x#view@ben'))
    const writer = { ...behind, project: { ...behind.project } }
    for (const round of numbers(20)) {
      await insert(
        writer,
        numbers(1000).map((i) => `Folder:y${round}-${i}#viewers@ann`),
      )
    }
    await expectTurns(15, () => check(behind, tupleOf('Folder:x#view@ben')))
  })

  it('a write that a hundred watchers see', async () => {
    const ctx = await projectWith([])
    const watchers = numbers(100).map(async () => {
      const abort = new AbortController()
      let seen = 0
      for await (const text of watchChanges(ctx, afterRevision(0), { signal: abort.signal })) {
        seen += text.split('"insert"').length - 1
        if (seen === 2000) abort.abort()
      }
    })
    await expectTurns(1000, async () => {
      await insert(
        ctx,
        numbers(2000).map((i) => `Folder:w${i}#viewers@ann`),
      )
      await Promise.all(watchers)
    })
  })
})

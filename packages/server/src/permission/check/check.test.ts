import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import type { PermissionConfig } from '../config.ts'
import { changeTuples } from '../tuples/change.ts'
import { batchCheck } from './batch.ts'
import { check } from './check.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; owners: User[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    only: (ctx) => !this.related.viewers.includes(ctx.subject),
    sole: (ctx) => this.permits.only(ctx),
  }
}`

describe.each(dsns)('a check on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = (await app.project()).ctx
    configure({})
  })

  function configure(change: Partial<PermissionConfig['limit']> & { strictMode?: boolean }) {
    const { strictMode = false, ...limit } = change
    withModel({ ctx }, model, { limit, strictMode })
  }

  const load = (...texts: string[]) =>
    changeTuples(
      ctx,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  const allowed = async (text: string, maxDepth = 0) => (await check(ctx, tupleOf(text), { maxDepth })).allowed

  test('goes through twenty levels of groups where the configuration lets it', async () => {
    const levels = Array.from({ length: 20 }, (_, i) => `Group:${i}#members@(Group:${i + 1}#members)`)
    await load('Folder:f#viewers@(Group:0#members)', ...levels, 'Group:20#members@ann')
    expect(await allowed('Folder:f#view@ann')).toBe(false)
    configure({ max_read_depth: 30 })
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    expect(await allowed('Folder:f#view@ben')).toBe(false)
    expect(await allowed('Folder:f#only@ben')).toBe(true)
    expect(await allowed('Folder:f#only@ann')).toBe(false)
  })

  test('does not take what it has not followed to its end for a no', async () => {
    await load('Folder:f#viewers@(Group:a#members)', 'Group:a#members@(Group:b#members)', 'Group:b#members@ann')
    expect(await allowed('Folder:f#only@ann')).toBe(false)
    for (const depth of [1, 2, 3, 4]) expect([depth, await allowed('Folder:f#only@ann', depth)]).toEqual([depth, false])
  })

  test('answers in a batch as it does alone where a member reads what another one needs', async () => {
    await load('Group:a#members@(Folder:f#viewers)')
    const ask = async (...texts: string[]) => batchCheck(ctx, texts.map(tupleOf), { maxDepth: 2 })
    const both = await ask('Folder:f#sole@ann', 'Group:a#members@ann')
    expect(both).toMatchObject([{ allowed: true }, { allowed: false }])
    expect(await ask('Folder:f#sole@ann')).toEqual(both.slice(0, 1))
  })

  test('finds people among ten thousand, and behind two hundred parents', async () => {
    const crowd = Array.from({ length: 10_000 }, (_, i) => `Group:crowd#members@user${i}`)
    const parents = Array.from({ length: 200 }, (_, i) => `Folder:leaf#parents@(Folder:p${i}#)`)
    await load(...crowd, ...parents, 'Folder:p199#viewers@(Group:crowd#members)')
    expect(await allowed('Folder:leaf#view@user9999')).toBe(true)
    expect(await allowed('Folder:leaf#view@user10000')).toBe(false)
  })

  test('of somebody in very many groups is answered from above', async () => {
    const groups = Array.from({ length: 60 }, (_, i) => `Group:g${i}#members@ann`)
    await load(...groups, 'Group:all#members@(Group:g59#members)', 'Folder:f#viewers@(Group:all#members)')
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    expect(await allowed('Folder:f#view@ben')).toBe(false)
  })

  test('follows no more sets than the width, the same whatever came first', async () => {
    configure({ max_read_width: 2 })
    // A set of a permission, since plain groups are found from below, where there is no width.
    const sets = ['a', 'b', 'c'].map((name) => `Folder:f#viewers@(Folder:${name}#view)`)
    await load(...sets.toReversed(), ...['a', 'b', 'c'].map((name) => `Folder:${name}#viewers@${name}-viewer`))
    expect(await allowed('Folder:f#view@a-viewer')).toBe(true)
    expect(await allowed('Folder:f#view@b-viewer')).toBe(true)
    expect(await allowed('Folder:f#view@c-viewer')).toBe(false)
    expect(await allowed('Folder:f#only@c-viewer')).toBe(false)
  })

  test('in strict mode takes only what the model declares', async () => {
    await load('Folder:f#view@ann', 'Folder:f#owners@(Group:g#members)', 'Group:g#members@ben')
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    expect(await allowed('Folder:f#owners@ben')).toBe(true)
    configure({ strictMode: true })
    expect(await allowed('Folder:f#view@ann')).toBe(false)
    expect(await allowed('Folder:f#owners@ben')).toBe(false)
    await load('Folder:f#viewers@(Group:g#members)')
    expect(await allowed('Folder:f#view@ben')).toBe(true)
  })

  test('in strict mode follows only the subject sets that the model declares', async () => {
    await load(
      'Folder:f#viewers@(Group:g#members)',
      'Folder:f#viewers@(Folder:g#owners)',
      'Folder:g#owners@ann',
      'Group:g#members@ben',
    )
    const sets = ['(Group:g#members)', '(Folder:g#owners)']
    const seen = async () => [
      await allowed('Folder:f#viewers@ann'),
      ...(await Promise.all(sets.map((set) => allowed(`Folder:f#viewers@${set}`)))),
    ]
    expect(await seen()).toEqual([true, true, true])
    configure({ strictMode: true })
    expect(await seen()).toEqual([false, true, false])
    expect(await allowed('Folder:f#viewers@ben')).toBe(true)
  })

  test('in strict mode tells which limit keeps the answer from being found', async () => {
    const refusal = (reason: string) => expect.objectContaining({ httpStatus: 422, reason })
    const chain = Array.from({ length: 9 }, (_, i) => `Group:g${i}#members@(Group:g${i + 1}#members)`)
    await load(...chain, 'Group:g9#members@ann', 'Folder:f#owners@ben', 'Folder:f#parents@(Folder:root#)')
    expect(await allowed('Group:g0#members@ben')).toBe(false)
    configure({ strictMode: true })
    await expect(allowed('Group:g0#members@ben')).rejects.toEqual(refusal('max_depth_exceeded'))
    expect(await allowed('Group:g9#members@ann')).toBe(true)
    expect(await allowed('Group:g8#members@ben')).toBe(false)
    expect(await allowed('Folder:f#owners@ben')).toBe(true)
    expect(await allowed('Folder:f#view@ben')).toBe(false)
    configure({ strictMode: true, max_read_width: 2 })
    await load(
      ...['a', 'b', 'c'].flatMap((name) => [
        `Group:wide#members@(Group:${name}#members)`,
        `Group:${name}#members@in-${name}`,
      ]),
    )
    expect(await allowed('Group:wide#members@in-a')).toBe(true)
    await expect(allowed('Group:wide#members@nobody')).rejects.toEqual(refusal('max_width_exceeded'))
  })

  test('in strict mode decides permissions that refer to each other, since no limit ends the search', async () => {
    const circular = `
class User implements Namespace {}
class Paper implements Namespace {
  related: { readers: User[] }
  permits = {
    read: (ctx) => this.permits.see(ctx) || this.related.readers.includes(ctx.subject),
    see: (ctx) => this.permits.read(ctx),
  }
}`
    withModel({ ctx }, circular, { strictMode: true })
    await load('Paper:p#readers@ann')
    expect([await allowed('Paper:p#see@ann'), await allowed('Paper:p#see@ben')]).toEqual([true, false])
  })

  test('in strict mode does not blame a limit for what a condition leaves open', async () => {
    configure({ strictMode: true })
    const tuple = { ...tupleOf('Group:g#members@ann'), condition: { expression: 'level > 3.0' } }
    await changeTuples(ctx, [{ action: 'insert', tuple }])
    expect(await allowed('Group:g#members@ann')).toBe(false)
  })

  test('is refused for a relation that the model does not declare', async () => {
    await load('Folder:f#viewers@ann')
    await expect(allowed('Folder:f#lickers@ann')).rejects.toMatchObject({ code: 400 })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import { snapshotToken } from '../changes/token.ts'
import { changeTuples, removeTuples } from '../tuples/change.ts'
import { type CheckOptions, check } from './check.ts'
import { consistencyFrom } from './consistency.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; left: User[]; right: User[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    either: (ctx) => this.permits.atLeft(ctx) || this.permits.atRight(ctx),
    atLeft: (ctx) => this.related.parents.traverse((p) => p.related.left.includes(ctx.subject)),
    atRight: (ctx) => this.related.parents.traverse((p) => p.related.right.includes(ctx.subject)),
  }
}`

describe.each(dsns)('an answer on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  /** The same project as another process sees it: with a memory of its own. */
  let other: Context
  let now: number
  let elapsed: number
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    const made = withModel(await app.project(), model).ctx
    now = made.clock.now()
    // Its wall clock can be set back, its monotonic one cannot.
    elapsed = 0
    const clock = { now: () => now, monotonic: () => elapsed }
    // A transaction begins with the context that was made.
    ctx = Object.assign(made, { clock })
    other = { ...ctx, project: { ...ctx.project } }
  })

  const write = (of: Context, ...texts: string[]) =>
    changeTuples(
      of,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  const erase = (of: Context, ...texts: string[]) =>
    changeTuples(
      of,
      texts.map((text) => ({ action: 'delete', tuple: tupleOf(text) })),
    )
  const allowed = async (text: string, options: CheckOptions = {}) => (await check(ctx, tupleOf(text), options)).allowed

  test('knows of every write before it, whoever wrote', async () => {
    await write(ctx, 'Folder:f#parents@(Folder:root#)', 'Folder:root#viewers@(Group:crew#members)')
    expect(await allowed('Folder:f#view@ann')).toBe(false)
    await write(other, 'Group:crew#members@ann')
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    await erase(other, 'Folder:root#viewers@(Group:crew#members)')
    expect(await allowed('Folder:f#view@ann')).toBe(false)
    await write(ctx, 'Folder:root#viewers@(Group:all#members)', 'Group:all#members@(Group:crew#members)')
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    await removeTuples(other, { namespace: 'Group' })
    expect(await allowed('Folder:f#view@ann')).toBe(false)
  })

  test('does so after so many writes that nobody follows them', async () => {
    await write(ctx, 'Folder:f#viewers@(Group:crew#members)')
    expect(await allowed('Folder:f#view@ann')).toBe(false)
    for (let i = 0; i < 60; i++) await write(other, `Group:crew#members@person${i}`)
    expect(await allowed('Folder:f#view@person59')).toBe(true)
    const many = Array.from({ length: 2500 }, (_, i) => `Folder:x${i}#viewers@ben`)
    await write(other, ...many, 'Group:crew#members@ann')
    expect(await allowed('Folder:f#view@ann')).toBe(true)
    expect(await allowed('Folder:x2499#view@ben')).toBe(true)
  })

  test('knows of kinds of relationships that were never there before', async () => {
    await write(ctx, 'Folder:f#viewers@ann')
    expect(await allowed('Folder:f#view@ben')).toBe(false)
    await write(
      other,
      'Folder:f#parents@(Folder:root#)',
      'Folder:root#viewers@(Group:g#members)',
      'Group:g#members@ben',
    )
    expect(await allowed('Folder:f#view@ben')).toBe(true)
    const never = { expression: 'false' }
    await erase(other, 'Group:g#members@ben')
    await changeTuples(other, [{ action: 'insert', tuple: { ...tupleOf('Group:g#members@ben'), condition: never } }])
    expect(await allowed('Folder:f#view@ben')).toBe(false)
  })

  test('of least latency may be behind by seconds, and with a token is not', async () => {
    await write(ctx, 'Folder:f#parents@(Folder:root#)', 'Folder:root#viewers@ann')
    const fast = { consistency: 'minimize_latency' } as const
    // Once to meet the subject, once from what is known by then.
    for (const _ of [1, 2]) expect(await allowed('Folder:f#view@ann')).toBe(true)
    const revision = await erase(other, 'Folder:root#viewers@ann')
    expect(await allowed('Folder:f#view@ann', fast)).toBe(true)
    expect(await allowed('Folder:f#view@ann', { consistency: { revision } })).toBe(false)
    await write(other, 'Folder:root#viewers@ann')
    expect(await allowed('Folder:f#view@ann', fast)).toBe(false)
    now -= 3_600_000
    elapsed += 5001
    expect(await allowed('Folder:f#view@ann', fast)).toBe(true)
  })

  test('tells its revision, which is no older than what it was asked to be', async () => {
    const first = await write(ctx, 'Folder:f#viewers@ann')
    const second = await write(other, 'Folder:g#viewers@ann')
    expect(second).toBe(first + 1)
    const seen = await check(ctx, tupleOf('Folder:f#view@ann'), { consistency: { revision: second } })
    expect(seen).toEqual({ allowed: true, revision: second })
    const later = { consistency: { revision: second + 1 } }
    await expect(check(ctx, tupleOf('Folder:f#view@ann'), later)).rejects.toMatchObject({ httpStatus: 400 })
  })

  test('belongs to one moment, however much is written meanwhile', async () => {
    // In every moment ann is at the left or at the right of the one parent that there is.
    await write(ctx, 'Folder:f#parents@(Folder:a#)', 'Folder:a#left@ann')
    let writing = true
    const moves = (async () => {
      for (let i = 0; writing; i++) {
        const [here, there] = i % 2 === 0 ? ['a', 'b'] : ['b', 'a']
        const [from, to] = i % 2 === 0 ? ['left', 'right'] : ['right', 'left']
        await changeTuples(other, [
          { action: 'delete', tuple: tupleOf(`Folder:f#parents@(Folder:${here}#)`) },
          { action: 'delete', tuple: tupleOf(`Folder:${here}#${from}@ann`) },
          { action: 'insert', tuple: tupleOf(`Folder:f#parents@(Folder:${there}#)`) },
          { action: 'insert', tuple: tupleOf(`Folder:${there}#${to}@ann`) },
        ])
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const answers: boolean[] = []
    for (let round = 0; round < 60; round++) {
      answers.push(...(await Promise.all([1, 2, 3, 4].map(() => allowed('Folder:f#either@ann')))))
    }
    writing = false
    await moves
    expect(answers.filter((yes) => !yes)).toEqual([])
  })

  test('is asked for with parameters that go together', () => {
    const asked = (query: string) => consistencyFrom(ctx, new URLSearchParams(query))
    const token = snapshotToken(ctx, 7)
    expect(asked('')).toBe('full')
    expect(asked('consistency=full')).toBe('full')
    expect(asked('consistency=minimize_latency')).toBe('minimize_latency')
    expect(asked(`snaptoken=${token}`)).toEqual({ revision: 7 })
    expect(asked(`consistency=at_least&snaptoken=${token}`)).toEqual({ revision: 7 })
    for (const wrong of [
      'consistency=',
      'consistency=eventual',
      'consistency=at_least',
      `consistency=full&snaptoken=${token}`,
      'snaptoken=7',
      `snaptoken=${token.replace('7', '8')}`,
      `snaptoken=${token}x`,
    ]) {
      expect(() => asked(wrong), wrong).toThrow(expect.objectContaining({ httpStatus: 400 }))
    }
  })

  test('takes no token of another project', async () => {
    const foreign = (await app.project()).ctx
    const search = new URLSearchParams({ snaptoken: snapshotToken(foreign, 7) })
    expect(() => consistencyFrom(ctx, search)).toThrow(expect.objectContaining({ httpStatus: 400 }))
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import { changeTuples } from '../tuples/change.ts'
import { check } from './check.ts'
import { tupleCacheOf } from './tuple-cache.ts'

type Interruption = (() => Promise<unknown>) | undefined

/** What happens right before and right after the next read of a check, and before the next page of a large read. */
const meanwhile: { before?: Interruption; after?: Interruption; beforePage?: Interruption } = {}

vi.mock('./read-facts.ts', async (original) => {
  const real = await original<typeof import('./read-facts.ts')>()
  return {
    ...real,
    readFacts: async (...args: Parameters<typeof real.readFacts>) => {
      const { before, after } = meanwhile
      Object.assign(meanwhile, { before: undefined, after: undefined })
      await before?.()
      const read = await real.readFacts(...args)
      await after?.()
      return read
    },
  }
})

vi.mock('./store.ts', async (original) => {
  const real = await original<typeof import('./store.ts')>()
  return {
    ...real,
    readTuples: async (...args: Parameters<typeof real.readTuples>) => {
      const { beforePage } = meanwhile
      if (args[2].skippedRows > 0) {
        meanwhile.beforePage = undefined
        await beforePage?.()
      }
      return real.readTuples(...args)
    },
  }
})

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
  }
}`

describe.each(dsns)('a check on %s during which tuples change', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  let other: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = withModel(await app.project(), model).ctx
    other = { ...ctx, project: { ...ctx.project } }
  })
  afterEach(() => {
    expect(meanwhile).toEqual({})
  })

  const change = (action: 'insert' | 'delete', ...texts: string[]) =>
    texts.map((text) => ({ action, tuple: tupleOf(text) }) as const)
  const allowed = async (text: string) => (await check(ctx, tupleOf(text))).allowed

  it('begins anew when groups change that it knows from before', async () => {
    // In every moment ann is in one group, and the folder is open to the other one.
    await changeTuples(
      other,
      change(
        'insert',
        'Group:inner#members@ann',
        'Group:a#members@(Group:inner#members)',
        'Folder:f#viewers@(Group:b#members)',
        'Folder:known#viewers@(Group:a#members)',
      ),
    )
    expect(await allowed('Folder:known#view@ann')).toBe(true)
    meanwhile.before = () =>
      changeTuples(other, [
        ...change('delete', 'Group:a#members@(Group:inner#members)', 'Folder:f#viewers@(Group:b#members)'),
        ...change('insert', 'Group:b#members@(Group:inner#members)', 'Folder:f#viewers@(Group:a#members)'),
      ])
    expect(await allowed('Folder:f#view@ann')).toBe(false)
  })

  it.skipIf(dsn !== 'memory')('begins anew when tuples change between the pages of a large read', async () => {
    const name = (i: number) => `Group:g${String(i).padStart(4, '0')}#members`
    const sets = Array.from({ length: 2500 }, (_, i) => `Folder:f#viewers@(${name(i)})`)
    // The first set of the second page, which would be left out if a set of the first page were gone.
    const known = `Folder:known#viewers@(${name(2000)})`
    await changeTuples(other, change('insert', ...sets, known, `${name(2000)}@ann`))
    // From then on the groups of ann are cached, so that nothing else has to be read.
    expect(await allowed('Folder:known#view@ann')).toBe(true)
    meanwhile.beforePage = () => changeTuples(other, change('delete', `Folder:f#viewers@(${name(0)})`))
    expect(await allowed('Folder:f#view@ann')).toBe(true)
  })

  it('keeps nothing that changed before the cache had it', async () => {
    await changeTuples(other, change('insert', 'Folder:x#parents@(Folder:root#)', 'Folder:root#viewers@ann'))
    expect(await allowed('Folder:x#view@ann')).toBe(true)
    meanwhile.after = async () => {
      await changeTuples(other, change('insert', 'Folder:f#parents@(Folder:root#)'))
      await tupleCacheOf(ctx).catchUp(ctx)
    }
    const { allowed: first, revision } = await check(ctx, tupleOf('Folder:f#view@ann'))
    expect([first, revision]).toEqual([true, 2])
    expect(await allowed('Folder:f#view@ann')).toBe(true)
  })
})

import type { ExpandedPermissionTree } from '@latchkey/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import { changeTuples } from '../tuples/change.ts'
import { expand } from './expand.ts'

describe.each(dsns)('an expansion on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = withModel(await app.project()).ctx
  })

  const load = (...texts: string[]) =>
    changeTuples(
      ctx,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  async function expandUpTo(maxExpandSize: number) {
    const { permission } = ctx.config
    const changed = { ...permission, limit: { ...permission.limit, max_expand_size: maxExpandSize } }
    const tree = await expand(
      { ...ctx, config: { ...ctx.config, permission: changed } },
      ['Group', 'root', 'members'],
      5,
    )
    return tree && outline(tree)
  }

  it('has as many members as the configuration allows', async () => {
    await load('Group:root#members@zoe', ...['a', 'b'].map((name) => `Group:root#members@(Group:${name}#members)`))
    await load(...['a', 'b'].flatMap((name) => [`Group:${name}#members@${name}1`, `Group:${name}#members@${name}2`]))
    expect(await expandUpTo(7)).toBe('root(zoe a(a1 a2) b(b1 b2))')
    expect(await expandUpTo(6)).toBe('root(zoe a(a1 a2) b(b1))')
    expect(await expandUpTo(5)).toBe('root(zoe a(a1 a2) b)')
    expect(await expandUpTo(4)).toBe('root(zoe a(a1) b)')
    expect(await expandUpTo(3)).toBe('root(zoe a b)')
    expect(await expandUpTo(1)).toBe('root(zoe)')
    expect(await expandUpTo(0)).toBe('root')
  })

  it('reads large sets in parts, each member once', async () => {
    const names = Array.from({ length: 4500 }, (_, i) => `m${String(i).padStart(4, '0')}`)
    await load(...names.map((name) => `Group:root#members@${name}`))
    expect(await expandUpTo(65_535)).toBe(`root(${names.join(' ')})`)
    expect(await expandUpTo(4000)).toBe(`root(${names.slice(0, 4000).join(' ')})`)
  })

  it('has a thousand levels at most, by relationships and by rules', async () => {
    const chain = Array.from({ length: 1200 }, (_, i) => `Group:${i || 'root'}#members@(Group:${i + 1}#members)`)
    await load(...chain)
    const { permission } = ctx.config
    const limit = { ...permission.limit, max_read_depth: 65_535 }
    for (const expandRewrites of [false, true]) {
      const config = { ...ctx.config, permission: { ...permission, limit, expandRewrites } }
      const tree = await expand({ ...ctx, config }, ['Group', 'root', 'members'], 0)
      expect(outline(tree ?? { type: 'unspecified' }).split('(')).toHaveLength(1000)
      expect(() => JSON.stringify(tree)).not.toThrow()
    }
  })

  it('of an empty set is nothing, whatever the size', async () => {
    expect([await expandUpTo(10), await expandUpTo(0)]).toEqual([undefined, undefined])
  })
})

function outline({ tuple, children }: ExpandedPermissionTree): string {
  const name = tuple?.subject_set?.object ?? tuple?.subject_id
  return children ? `${name}(${children.map(outline).join(' ')})` : `${name}`
}

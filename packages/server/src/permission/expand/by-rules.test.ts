import type { ExpandedPermissionTree } from '@latchkey/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import type { Context } from '../../kernel/context.ts'
import { parseOpl } from '../opl/parse.ts'
import { changeTuples } from '../tuples/change.ts'
import { expand } from './expand.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class File implements Namespace {
  related: { parents: File[]; viewers: (User | SubjectSet<Group, "members">)[]; owners: User[]; blocked: User[] }
  permits = {
    inherit: (ctx) => this.related.parents.traverse((p) => p.permits.view(ctx)),
    view: (ctx) => this.permits.inherit(ctx) || this.related.viewers.includes(ctx.subject),
    edit: (ctx) => !this.related.blocked.includes(ctx.subject) && (this.related.owners.includes(ctx.subject) || this.related.viewers.includes(ctx.subject)),
    one: (ctx) => this.permits.other(ctx),
    other: (ctx) => this.permits.one(ctx),
  }
}`

describe.each(dsns)('an expansion by rules on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = (await app.project()).ctx
    await changeTuples(
      { ...ctx, config: configuration({}) },
      [
        'File:f#parents@(File:dir#)',
        'File:dir#viewers@(Group:g#members)',
        'Group:g#members@gus',
        'File:f#viewers@val',
        'File:f#owners@ona',
        'File:f#blocked@bo',
        'File:dir#parents@(File:f#)',
      ].map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  })

  function configuration(limits: { max_expand_size?: number; max_read_depth?: number }) {
    const { permission } = ctx.config
    const limit = { ...permission.limit, max_read_depth: 20, ...limits }
    const { namespaces } = parseOpl(model)
    return { ...ctx.config, permission: { ...permission, limit, namespaces, expandRewrites: true } }
  }
  async function outlineOf(relation: string, limits: Parameters<typeof configuration>[0] = {}) {
    const tree = await expand({ ...ctx, config: configuration(limits) }, ['File', 'f', relation], 0)
    return tree && outline(tree)
  }

  it('shows operators, and what is found without following relationships first', async () => {
    expect(await outlineOf('edit')).toBe(
      'intersection f#edit(union(union f#owners(ona) union f#viewers(val)) exclusion(union f#blocked(bo)))',
    )
  })

  it('follows relationships to what other objects allow, once on each path', async () => {
    const dir =
      'union dir#view(union dir#inherit(union dir#parents(union f#view)) union dir#viewers(union g#members(gus)))'
    expect(await outlineOf('view')).toBe(`union f#view(union f#inherit(union f#parents(${dir})) union f#viewers(val))`)
    expect(await outlineOf('one')).toBe('union f#one(union f#other(union f#one))')
  })

  it('ends at the depth, and after as many nodes as the configuration allows', async () => {
    expect(await outlineOf('view', { max_read_depth: 1 })).toBe('union f#view')
    expect(await outlineOf('view', { max_read_depth: 2 })).toBe('union f#view(union f#inherit union f#viewers)')
    expect(await outlineOf('view', { max_read_depth: 3 })).toBe(
      'union f#view(union f#inherit(union f#parents(union dir#view)) union f#viewers(val))',
    )
    expect(await outlineOf('view', { max_expand_size: 3 })).toBe(
      'union f#view(union f#inherit(union f#parents) union f#viewers)',
    )
    expect(await outlineOf('view', { max_expand_size: 0 })).toBe('union f#view')
  })

  it('shows what has no rules by its relationships', async () => {
    expect(await outlineOf('viewers')).toBe('union f#viewers(val)')
    expect(await outlineOf('undeclared')).toBe('union f#undeclared')
  })
})

function outline({ type, tuple, children }: ExpandedPermissionTree): string {
  const { subject_id: id, subject_set: set } = tuple ?? {}
  const name = set ? [`${type} ${set.object}#${set.relation}`] : [id ?? type]
  return children ? `${name}(${children.map(outline).join(' ')})` : `${name}`
}

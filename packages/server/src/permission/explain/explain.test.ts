import type { PermissionExplanation } from '@latchkey/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { Context } from '../../kernel/context.ts'
import { check } from '../check/check.ts'
import { changeTuples } from '../tuples/change.ts'
import { explain } from './explain.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; banned: User[]; paid: User[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    read: (ctx) => this.permits.view(ctx) && !this.related.banned.includes(ctx.subject),
    both: (ctx) => this.related.viewers.includes(ctx.subject) && this.related.paid.includes(ctx.subject),
  }
}`

describe.each(dsns)('an explanation on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = withModel(await app.project(), model).ctx
  })
  const load = (...texts: string[]) =>
    changeTuples(
      ctx,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  const explained = async (text: string, options: Parameters<typeof explain>[2] = {}) =>
    draw((await explain(ctx, tupleOf(text), options)).explanation)

  test('of what is allowed is the path that allowed it', async () => {
    await load('Folder:f#parents@(Folder:root#)', 'Folder:f#parents@(Folder:other#)', 'Folder:root#viewers@ben')
    await load('Folder:root#viewers@(Group:crew#members)', 'Group:crew#members@(Group:sub#members)')
    await load('Group:sub#members@ann', 'Folder:other#viewers@zoe')
    expect(await explained('Folder:f#view@ann')).toEqual([
      'allowed relation Folder:f#view',
      ' allowed union',
      '  allowed traversal Folder:f#parents',
      '   allowed relationship Folder:f#parents@Folder:root#',
      '    allowed relation Folder:root#view',
      '     allowed union',
      '      allowed relation Folder:root#viewers',
      '       allowed relationship Folder:root#viewers@Group:crew#members',
      '        allowed relation Group:crew#members',
      '         allowed relationship Group:crew#members@Group:sub#members',
      '          allowed relation Group:sub#members',
      '           allowed relationship Group:sub#members@ann',
    ])
  })

  test('of what is denied is everything that was missing', async () => {
    await load('Folder:f#parents@(Folder:root#)', 'Folder:f#viewers@(Group:crew#members)', 'Group:crew#members@ben')
    expect(await explained('Folder:f#both@ann')).toEqual([
      'denied relation Folder:f#both',
      ' denied intersection',
      '  denied relation Folder:f#viewers',
      '   denied relationship Folder:f#viewers@ann',
      '   denied relationship Folder:f#viewers@Group:crew#members',
      '    denied relation Group:crew#members',
      '     denied relationship Group:crew#members@ann',
      '  denied relation Folder:f#paid',
      '   denied relationship Folder:f#paid@ann',
    ])
  })

  test('of an exclusion tells what excludes', async () => {
    await load('Folder:f#viewers@ann', 'Folder:f#banned@ann')
    expect(await explained('Folder:f#read@ann')).toEqual([
      'denied relation Folder:f#read',
      ' denied intersection',
      '  allowed relation Folder:f#view',
      '   allowed union',
      '    allowed relation Folder:f#viewers',
      '     allowed relationship Folder:f#viewers@ann',
      '  denied exclusion',
      '   allowed relation Folder:f#banned',
      '    allowed relationship Folder:f#banned@ann',
    ])
  })

  test('tells of conditions which are not met, and what they lack', async () => {
    const condition = { expression: 'office && hour > 8.0' }
    await changeTuples(ctx, [{ action: 'insert', tuple: { ...tupleOf('Folder:f#paid@ann'), condition } }])
    const told = async (context: Record<string, unknown>) => {
      const { allowed, explanation } = await explain(ctx, tupleOf('Folder:f#paid@ann'), { context })
      const [leaf] = explanation.children ?? []
      return [allowed, leaf?.relationship?.condition, leaf?.condition]
    }
    expect(await told({ office: true, hour: 9 })).toEqual([true, condition, { outcome: 'allowed' }])
    expect(await told({ office: false, hour: 9 })).toEqual([false, condition, { outcome: 'denied' }])
    expect(await told({ office: true })).toEqual([false, condition, { outcome: 'unknown', missing: ['hour'] }])
  })

  test('never rests a reason on itself', async () => {
    await load(
      'Group:a#members@(Group:b#members)',
      'Group:b#members@(Group:a#members)',
      'Group:b#members@(Group:c#members)',
    )
    await load('Group:c#members@ann')
    expect(await explained('Group:a#members@ann')).toEqual([
      'allowed relation Group:a#members',
      ' allowed relationship Group:a#members@Group:b#members',
      '  allowed relation Group:b#members',
      '   allowed relationship Group:b#members@Group:c#members',
      '    allowed relation Group:c#members',
      '     allowed relationship Group:c#members@ann',
    ])
    expect(await explained('Group:a#members@ben')).toContain('    denied above Group:a#members')
  })

  test('says where a limit ended it', async () => {
    await load('Group:a#members@(Group:b#members)', 'Group:b#members@(Group:c#members)', 'Group:c#members@ann')
    const told = await explained('Group:a#members@ann', { maxDepth: 2 })
    expect(told.at(0)).toBe('unknown relation Group:a#members')
    expect(told.at(-1)).toMatch(/unknown limit/)
  })

  test('knows what is missing where no subject of the kind stands, whatever a limit left out', async () => {
    await load('Folder:f#viewers@(Group:a#members)', 'Group:a#members@(Group:b#members)', 'Group:b#members@ann')
    const told = await explained('Folder:f#view@ann', { maxDepth: 2 })
    expect(told).toContain('   denied relationship Folder:f#viewers@ann')
    expect(told.at(0)).toBe('unknown relation Folder:f#view')
  })

  test('says what a check says beyond the width', async () => {
    const { permission } = ctx.config
    const limit = { ...permission.limit, max_read_width: 2 }
    Object.assign(ctx, { config: { ...ctx.config, permission: { ...permission, limit } } })
    const groups = ['a', 'b', 'c'].map((name) => `Folder:f#viewers@(Group:${name}#members)`)
    await load(...groups, 'Group:c#members@(Group:d#members)', 'Group:d#members@ann')
    const { allowed } = await check(ctx, tupleOf('Folder:f#viewers@ann'))
    const told = await explain(ctx, tupleOf('Folder:f#viewers@ann'), {})
    expect(told.allowed).toBe(allowed)
    expect(draw(told.explanation).at(0)).toBe('unknown relation Folder:f#viewers')
  })

  test('is bounded, however much there is', async () => {
    const folders = Array.from({ length: 3000 }, (_, i) => `Folder:f#parents@(Folder:p${i}#)`)
    await load(...folders)
    const told = await explained('Folder:f#view@ann')
    expect(told.length).toBeLessThan(4100)
    expect(told.some((line) => line.includes('limit'))).toBe(true)
    await load(...Array.from({ length: 3000 }, (_, i) => `Folder:w#viewers@(Group:g${i}#members)`))
    expect((await explained('Folder:w#view@ann')).length).toBeLessThan(4100)
  })

  test('is refused for what the model does not have', async () => {
    await expect(explained('Nothing:f#view@ann')).rejects.toMatchObject({ httpStatus: 404 })
    await expect(explained('Folder:f#lick@ann')).rejects.toMatchObject({ httpStatus: 400 })
  })
})

/** A line for each step, below and right of what it is a step of. */
function draw(node: PermissionExplanation, indent = ''): string[] {
  const { kind, outcome, relation, relationship: of, children = [] } = node
  const set = of?.subject_set
  const subject = set ? `${set.namespace}:${set.object}#${set.relation}` : of?.subject_id
  const what = of
    ? ` ${of.namespace}:${of.object}#${of.relation}@${subject}`
    : relation
      ? ` ${relation.namespace}:${relation.object}#${relation.relation}`
      : ''
  return [`${indent}${outcome} ${kind}${what}`, ...children.flatMap((child) => draw(child, `${indent} `))]
}

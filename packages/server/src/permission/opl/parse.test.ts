import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Relation, Rewrite } from './model.ts'
import { parseOpl } from './parse.ts'

const a: Rewrite = { kind: 'computed', relation: 'a' }
const b: Rewrite = { kind: 'computed', relation: 'b' }
const c: Rewrite = { kind: 'computed', relation: 'c' }
const union = (...children: Rewrite[]): Rewrite => ({ kind: 'union', children })
const intersection = (...children: Rewrite[]): Rewrite => ({ kind: 'intersection', children })
const not = (child: Rewrite): Rewrite => ({ kind: 'exclusion', child })
const traverse = (relation: string, target: string): Rewrite => ({ kind: 'traverse', relation, target })

describe('the namespaces of the recordings', () => {
  const config = new URL('../../../../../test/golden/config/namespaces.keto.ts', import.meta.url)
  const namespaces = valid(readFileSync(config, 'utf8'))
  const of = (name: string) => namespaces.find((namespace) => namespace.name === name)
  const permission = (namespace: string, name: string) => of(namespace)?.relations.find((one) => one.name === name)

  it('come in the order of the file', () => {
    expect(namespaces.map(({ name }) => name)).toEqual(['User', 'Group', 'Folder', 'Document', 'Vault'])
  })

  it('have relations and permissions in one list', () => {
    expect(of('User')?.relations).toEqual([])
    expect(of('Group')?.relations.map(({ name }) => name)).toEqual([
      ...['members', 'managers', 'partners', 'belong', 'administer'],
    ])
  })

  it('say what may stand in a relation', () => {
    expect(of('Folder')?.relations.slice(0, 2)).toEqual([
      { name: 'parents', types: [{ namespace: 'Folder' }] },
      { name: 'owners', types: [{ namespace: 'User' }, { namespace: 'Group', relation: 'members' }] },
    ])
    expect(permission('Document', 'parents')?.types).toEqual([{ namespace: 'Folder' }])
    expect(permission('Vault', 'watchers')?.types).toEqual([{ namespace: 'User' }, { namespace: 'Group' }])
  })

  it('say what a permission is made of', () => {
    const own = (relation: string): Rewrite => ({ kind: 'computed', relation })
    expect(permission('Document', 'edit')).toEqual({
      name: 'edit',
      types: [],
      rewrite: union(own('owners'), own('editors'), traverse('parents', 'edit')),
    })
    expect(permission('Document', 'publish')?.rewrite).toEqual(
      intersection(union(union(own('owners')), own('editors')), own('approvers'), not(own('blocked'))),
    )
    expect(permission('Document', 'remove')?.rewrite).toEqual(
      intersection(union(own('owners')), not(union(union(own('blocked')), own('reviewers')))),
    )
    expect(permission('Document', 'comment')?.rewrite).toEqual(union(traverse('parents', 'viewers')))
    expect(permission('Vault', 'inspect')?.rewrite).toEqual(union(own('lock.open'), own('watchers')))
  })
})

describe('an expression', () => {
  const cases: [string, Rewrite][] = [
    ['a', union(a)],
    ['(((a)))', union(a)],
    ['a || b || c', union(a, b, c)],
    ['a || (b || c)', union(a, b, c)],
    ['(a || b) || c', union(a, b, c)],
    ['a && b', intersection(union(a), b)],
    ['a && b && c', intersection(union(a), b, c)],
    ['a && (b && c)', intersection(union(a), union(b), c)],
    ['(a && b) && c', intersection(union(a), b, c)],
    ['a || b && c', intersection(union(union(a), b), c)],
    ['a && b || c', union(intersection(union(a), b), c)],
    ['a || (b && c)', union(a, intersection(union(b), c))],
    ['(a || b || c) && a', intersection(union(union(union(a), b), c), a)],
    ['!a', union(not(a))],
    ['!(a)', union(not(union(a)))],
    ['!(a || b) && c', intersection(union(not(union(union(a), b))), c)],
    ['!(!a)', union(not(union(not(a))))],
  ]
  it.each(cases)('%s is grouped as Keto groups it', (expression, rewrite) => {
    expect(permit(expression).rewrite).toEqual(rewrite)
  })

  const broken: [string, Rewrite][] = [
    ['a b', union(a, b)],
    ['a && b c', intersection(union(a), b, c)],
    ['a || || b', union(a, b)],
    ['a ||', union(a)],
    ['a (b && c)', union(a, intersection(union(b), c))],
    ['(a || b', union(a, b)],
  ]
  it.each(broken)('%s passes, as with Keto', (expression, rewrite) => {
    expect(permit(expression).rewrite).toEqual(rewrite)
  })

  it('that lacks its operand drops the permission and what follows it in the block', () => {
    const text = 'class A implements Namespace { permits = { p: (ctx) => } }'
    expect(valid(text)).toEqual([{ name: 'A', relations: [] }])
  })

  it('may be long', () => {
    const many = Array(20_000).fill('a')
    expect(permit(many.join(' || ')).rewrite).toEqual(union(...Array(20_000).fill(a)))
    expect(permit(many.join(' ')).rewrite).toEqual(union(...Array(20_000).fill(a)))
  })

  it('ends a permission with a comma or with the block', () => {
    const text = `class A implements Namespace { related: { a: A[] } permits = {
      p: (ctx) => this.related.a.includes(ctx.subject),
      q: (ctx: Context): boolean => this.permits.p(ctx) } }`
    expect(valid(text)[0]?.relations.map(({ name }) => name)).toEqual(['a', 'p', 'q'])
  })

  it('traverses with or without parentheses and commas', () => {
    for (const access of [
      'this.related.r.traverse(x => x.related.a.includes(ctx.subject))',
      'this.related.r.traverse((x) => x.related.a.includes(ctx.subject,),)',
      'this.related["r"].traverse((x) => x.related["a"].includes(ctx.subject))',
      "this.related['r'].traverse(x => x.permits['a'](ctx))",
      'this.related.r.traverse(x => x.permits.a(ctx))',
    ]) {
      expect(permit(access).rewrite, access).toEqual(union(traverse('r', 'a')))
    }
  })
})

describe('a file', () => {
  it('may be empty or hold no class', () => {
    expect(valid('')).toEqual([])
    expect(valid("import { Namespace } from 'x'\n// class\n/* class A */ export default { ( [")).toEqual([])
  })

  it('may have lines of other systems, blocks again and semicolons', () => {
    const text =
      'class A implements Namespace {\r\n related: { a: A[]; };;\r\n related: { b: Array<A>; c: A[], }\r\n};\r\n'
    expect(valid(text)[0]?.relations.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('may name in quotes, also words of the language', () => {
    const text = `class "my class" implements Namespace { related: { 'this': (SubjectSet<"my class", 'this'>)[] } }`
    const types = [{ namespace: 'my class', relation: 'this' }]
    expect(valid(text)).toEqual([{ name: 'my class', relations: [{ name: 'this', types }] }])
  })

  it('keeps classes and relations that are declared twice', () => {
    const text = 'class A implements Namespace {} class A implements Namespace { related: { a: A[] a: A[] } }'
    expect(valid(text).map(({ relations }) => relations.length)).toEqual([0, 2])
  })
})

/** Reads an expression in which `a`, `b` and `c` stand for relations. */
function permit(expression: string): Relation {
  const written = expression.replace(/(?<![\w."'[])[abc](?!\w)/g, 'this.related.$&.includes(ctx.subject)')
  const text = `class A implements Namespace {
    related: { a: A[] b: A[] c: A[] r: A[] }
    permits = { p: (ctx) => ${written} }
  }`
  const relation = valid(text)[0]?.relations[4]
  if (!relation) throw new Error('the permission was dropped')
  return relation
}

function valid(text: string) {
  const { namespaces, errors } = parseOpl(text)
  expect(errors).toEqual([])
  return namespaces
}

import { describe, expect, it } from 'vitest'
import { parseOpl } from './parse.ts'

const start = '1:1-1:1'

describe('a fault of grammar', () => {
  it.each([
    ['a relation without a type', related('a: }'), ['1:46-1:46']],
    ['a type that is not a list', related('a: A }'), ['1:47-1:48']],
    ['a class named like a word of the language', 'class this implements Namespace {}', ['1:6-1:10']],
    ['a comma after an Array', related('a: Array<A>, }'), ['1:53-1:54']],
    ['the operator || between types', related('a: (A || A)[] }'), ['1:48-1:50']],
    ['a quoted text without an end', related("a: A['] }"), ['1:48-1:51']],
    ['a remark without an end', '/* x', ['1:1-1:4']],
    ['a letter of another alphabet', 'class A implements Namespace { é }', ['1:31-1:31']],
    ['another block', 'class A implements Namespace { metadata = {} }', ['1:31-1:39']],
    ['another question', permits('this.related.a.some(x => x.permits.p(ctx))'), ['1:70-1:74']],
    ['an operand after parentheses', permits('(this.permits.p(ctx)) this.permits.p(ctx)'), ['1:77-1:81']],
    ['two negations in a row', permits('!!this.permits.p(ctx)'), ['1:56-1:57']],
    ['a text that ends within an operand, at its start', permits('this.related.').slice(0, 68), [start]],
  ])('is %s', (_fault, text, places) => {
    expect(faults(text).map(([place]) => place)).toEqual(places)
  })

  it('in the arrow of a traversal is told twice, the second time at the start', () => {
    const wrong = permits('this.related.a.traverse(x => y.permits.p(ctx))')
    expect(faults(wrong)).toEqual([
      ['1:84-1:85', '"x" belongs here, not "y".'],
      [start, 'This "traverse" asks nothing of what it leads to.'],
    ])
  })

  it('in a subject set of a union is told twice if the union does not go on after it', () => {
    expect(faults(related('a: (SubjectSet<A, "a")[] }')).map(([place]) => place)).toEqual(['1:63-1:64', '1:64-1:65'])
    expect(faults(related('a: (SubjectSet<A>)[] }')).map(([place]) => place)).toEqual(['1:58-1:59'])
  })

  it('is deep nesting: ten levels with parentheses, of which a negation takes one and its parentheses another', () => {
    const operand = 'this.permits.p(ctx)'
    const nested = (open: string, count: number) => faults(permits(open.repeat(count) + operand))
    expect(nested('(', 9)).toEqual([])
    expect(nested('(', 10)).toEqual([['1:65-1:69', 'Expressions may be nested at most 10 deep.']])
    expect(nested('!(', 4)).toEqual([])
    expect(nested('!(', 5)).toEqual([['1:65-1:69', 'Expressions may be nested at most 10 deep.']])
    expect(nested('(', 1_000_000)).toHaveLength(1)
  })

  it('hides names that were not declared, and the class that it is in', () => {
    const { namespaces, errors } = parseOpl(
      'class A implements Namespace { related: { a: B[] } } class C implements Namespace { - }',
    )
    expect(namespaces.map(({ name }) => name)).toEqual(['A'])
    expect(errors.map(({ message }) => message)).toEqual(['The character - has no meaning here.'])
  })
})

describe('a name that was not declared', () => {
  it('is told for each type, in order', () => {
    expect(faults(related('a: (B | SubjectSet<C, "c"> | SubjectSet<A, "b">)[] } }'))).toEqual([
      ['1:46-1:47', 'There is no class "B".'],
      ['1:61-1:62', 'There is no class "C".'],
      ['1:86-1:87', 'The class "A" has no relation or permission "b".'],
    ])
  })

  it('is told for the class itself', () => {
    expect(faults(permits('this.permits.q(ctx)'))).toEqual([
      ['1:68-1:69', 'The class "A" has no relation or permission "q".'],
    ])
  })

  it('is told twice for what is traversed, and once for each type that lacks the target', () => {
    expect(faults(permits('this.related.b.traverse(x => x.permits.p(ctx))'))).toHaveLength(2)
    const text =
      'class B implements Namespace {} class A implements Namespace { related: { a: (B | A | B)[] } permits = {'
    expect(faults(`${text} p: (ctx) => this.related.a.traverse(x => x.permits.p(ctx)) } }`)).toEqual([
      ['1:130-1:131', 'The class "B" has no relation or permission "p".'],
      ['1:130-1:131', 'The class "B" has no relation or permission "p".'],
    ])
  })

  it('is looked for in the members of subject sets, which may lead ten sets far', () => {
    const classes = Array.from({ length: 12 }, (_, index) => {
      const type = index < 11 ? `SubjectSet<C${index + 1}, "m">` : 'C0'
      const at = (start: number) =>
        `p: (ctx) => ${index === start ? 'this.related.m.traverse(x => x.permits.p(ctx))' : 'this.related.m.includes(ctx.subject)'}`
      return (start: number) =>
        `class C${index} implements Namespace { related: { m: ${type}[] } permits = { ${at(start)} } }`
    })
    const file = (start: number) => classes.map((written) => written(start)).join('\n')
    expect(faults(file(1))).toEqual([])
    expect(faults(file(0)).map(([, message]) => message)).toEqual(['The subject sets in "m" lead too far.'])
  })

  it('is told where Keto tells it: bytes before it count as characters', () => {
    const text = '/* üö */ class A implements Namespace { related: { a: B[] } }\n'
    expect(faults(text).map(([place]) => place)).toEqual(['1:56-1:57'])
  })
})

describe('a file that Keto takes', () => {
  it('is refused if a permission negates nothing, on which Keto breaks down', () => {
    expect(faults(permits('!()'))).toEqual([['1:56-1:57', 'There is nothing in these parentheses to negate.']])
  })

  it('is refused if a permission has more levels than can be walked', () => {
    const text = `this.permits.p(ctx) ${'&& || '.repeat(100_000)} this.permits.p(ctx)`
    expect(faults(permits(text))).toEqual([
      ['1:43-1:44', 'This permission nests its operators too deeply; make several of it.'],
    ])
  })
})

describe('a file made to take long', () => {
  it('is told a thousand faults and no more', () => {
    expect(faults(related(`a: (${'B|'.repeat(5000)}B)[] } }`))).toHaveLength(1000)
  })

  it('is not followed along all ways from type to type', () => {
    const classes = Array.from({ length: 10 }, (_, index) => {
      const types =
        index < 9
          ? Array(20)
              .fill(`SubjectSet<C${index + 1}, "m">`)
              .join(' | ')
          : 'C9'
      const permission = 'p: (ctx) => this.related.m.traverse(x => x.permits.p(ctx))'
      return `class C${index} implements Namespace { related: { m: (${types})[] } permits = { ${permission} } }`
    })
    expect(faults(classes.join('\n')).map(([, message]) => message)).toEqual(['The types lead on in too many ways.'])
  })
})

function related(rest: string): string {
  return `class A implements Namespace { related: { ${rest}`
}

function permits(expression: string): string {
  return `class A implements Namespace { permits = { p: (ctx) => ${expression} } }`
}

function faults(text: string): [string, string][] {
  return parseOpl(text).errors.map(({ message, start, end }) => [
    `${start.line}:${start.column}-${end.line}:${end.column}`,
    message,
  ])
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseOpl } from './parse.ts'

const file = `import { Namespace } from "@ory/keto-namespace-types"
/* the users ü */
class User implements Namespace {}
class Folder implements Namespace {
  related: {
    parents: Folder[]
    "view.ers": (User | SubjectSet<Folder, "view.ers">)[];
    owners: Array<User | Folder>
  };
  permits = {
    view: (ctx: Context): boolean =>
      this.related["view.ers"].includes(ctx.subject) || // the above
      (this.permits.own(ctx) && !this.related.owners.includes(ctx.subject)),
    own: (ctx) => this.related.parents.traverse((p) => p.related.owners.includes(ctx.subject,),),
  }
}`
const words = file.match(/\w+|\s+|=>|\|\||&&|./g) ?? []
const word = fc.oneof(
  fc.constantFrom(...words, '!', '!(', '()', '/*', '//', "'", '""', '\r\n', '&', '}', '😀', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

describe('any text', () => {
  it('is read to an end and told faults within itself', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), isAnswered), { numRuns: 500 })
  })

  it('made of the words of the language is read to an end and told faults within itself', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (some) => isAnswered(some.join(' '))),
      { numRuns: 500 },
    )
  })

  it('that was a valid file before a few changes is read to an end and told faults within itself', () => {
    const change = fc.tuple(fc.nat(words.length), fc.nat(3), fc.array(word, { maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = [...words]
        for (const [at, count, others] of changes) changed.splice(at, count, ...others)
        isAnswered(changed.join(''))
      }),
      { numRuns: 1500 },
    )
  })

  it('is a valid file before the changes', () => {
    expect(parseOpl(file).errors).toEqual([])
  })
})

function isAnswered(text: string): void {
  const lines = text.split('\n')
  for (const { message, start, end } of parseOpl(text).errors) {
    expect(message).toMatch(/\.$/)
    for (const { line, column } of [start, end]) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines.length)
      expect(column).toBeGreaterThanOrEqual(0)
      // The line end belongs to the line.
      expect(column).toBeLessThanOrEqual([...(lines[line - 1] ?? '')].length + 1)
    }
    expect(end.line > start.line || (end.line === start.line && end.column >= start.column)).toBe(true)
  }
}

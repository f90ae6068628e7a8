import { describe, expect, it } from 'vitest'
import { checkIdentitySchema } from './compile.ts'

const schemaOf = (traits: object, more: object = {}) => ({ type: 'object', properties: { traits }, ...more })
const many = <V>(count: number, make: (index: number) => V): V[] =>
  Array.from({ length: count }, (_, index) => make(index))
const text = { type: 'string' }
const object = (properties: object) => ({ type: 'object', properties })
const keys = (count: number) => object(Object.fromEntries(many(count, (index) => [`p${index}`, text])))
const nested = (levels: number): object => (levels === 0 ? text : object({ inner: nested(levels - 1) }))

describe('an identity schema is refused for', () => {
  it.each([
    ['more than 32 levels', schemaOf(nested(15)), /32 levels/],
    ['an object with more than 1,024 keys', schemaOf(keys(1025)), /1024 keys/],
    ['a list of more than 128 items', schemaOf(object({ one: { enum: many(129, String) } })), /128 items/],
    [
      'more than 8,192 objects and lists',
      schemaOf(object(Object.fromEntries(many(9, (index) => [`g${index}`, keys(1000)])))),
      /8192/,
    ],
    [
      'references in a circle',
      schemaOf(
        { $ref: '#/definitions/a' },
        { definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } } },
      ),
      /back to itself/,
    ],
    ['a reference to itself', schemaOf({ $ref: '#/properties/traits' }), /back to itself/],
    [
      'a circle by way of a combination',
      schemaOf(object({}), { definitions: { a: { allOf: [text, { anyOf: [{ $ref: '#/definitions/a' }] }] } } }),
      /back to itself/,
    ],
    ['a reference to the whole', schemaOf(object({ again: { $ref: '#' } })), /as a whole/],
    ['a reference with a broken escape', schemaOf({ $ref: '#/definitions/%zz' }), /./],
    ['a reference to the whole with a slash', schemaOf(object({ again: { $ref: '#/' } })), /as a whole/],
  ])('%s', (_, document, reason) => {
    expect(checkIdentitySchema(document).join()).toMatch(reason)
  })
})

describe('an identity schema may have', () => {
  it.each([
    ['31 levels', schemaOf(nested(14))],
    ['128 choices and 1,024 keys', schemaOf({ ...keys(1024), allOf: [object({ p0: { enum: many(128, String) } })] })],
    [
      'a definition used twice',
      schemaOf(object({ a: { $ref: '#/definitions/a' }, b: { $ref: '#/definitions/a' } }), {
        definitions: { a: text },
      }),
    ],
    [
      'a tree',
      schemaOf(
        { $ref: '#/definitions/node' },
        { definitions: { node: object({ next: { $ref: '#/definitions/node' } }) } },
      ),
    ],
  ])('%s', (_, document) => {
    expect(checkIdentitySchema(document)).toEqual([])
  })
})

import { ApiError } from '@latchkey/api'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { bodyReader, importBody, usualBody } from './body.ts'

const schema = Type.Object({
  name: Type.String({ minLength: 3 }),
  state: Type.Optional(Type.Enum(['on', 'off'])),
  owner: Type.Optional(Type.Union([Type.String({ format: 'uuid' }), Type.Null()])),
  count: Type.Optional(Type.Integer()),
  tags: Type.Optional(Type.Array(Type.String())),
  inside: Type.Optional(Type.Object({ flag: Type.Boolean() })),
  anything: Type.Optional(Type.Unknown()),
  lasts: Type.Optional(Type.String({ pattern: '^[0-9]+s$' })),
})
const type = 'application/json'
const read = (style: typeof usualBody, bodyText: string, contentType = type) =>
  bodyReader(schema, style)({ bodyText, contentType })

describe('a body', () => {
  test('counts what is null as absent, but where the contract knows null', () => {
    const body = { name: null, count: null, inside: { flag: null }, tags: null, owner: null, anything: null }
    expect(read(usualBody, JSON.stringify(body))).toEqual({ inside: {}, owner: null, anything: null })
    expect(read(usualBody, '{"tags":[null,"a"]}')).toEqual({ tags: [null, 'a'] })
  })

  test.each([
    ['nothing at all', {}],
    ['words that the contract does not list, for the handler to refuse', { state: 'broken', name: 'x' }],
    ['any value where the contract says nothing', { anything: [{ a: 1 }] }],
    ['a text of the given form', { lasts: '90s' }],
    ['an empty text in place of a form, which counts as absent', { lasts: '' }],
  ])('may hold %s', (_, body) => {
    expect(read(usualBody, JSON.stringify(body))).toEqual(body)
  })

  test.each([
    ['a number for a text', { name: 7 }],
    ['a text for a number', { count: '7' }],
    ['a fraction for a whole number', { count: 1.5 }],
    ['an object for a list', { tags: {} }],
    ['a list for an object', { inside: [] }],
    ['another type inside', { inside: { flag: 'yes' } }],
    ['another type in a list', { tags: [1] }],
    ['no UUID for one', { owner: 'me' }],
    ['another form', { lasts: 'long' }],
    ['another form on a line of its own', { lasts: '\nlong' }],
    ['a list for the whole', []],
    ['a text for the whole', 'x'],
  ])('may not hold %s', (_, body) => {
    expect(() => read(usualBody, JSON.stringify(body))).toThrow(ApiError)
  })

  test('counts as absent when it is null', () => {
    expect(read(importBody, 'null')).toBeUndefined()
  })

  test('may hold unknown members, but not where things are imported', () => {
    const body = JSON.stringify({ name: 'abc', color: 'blue' })
    expect(read(usualBody, body)).toEqual({ name: 'abc', color: 'blue' })
    expect(() => read(importBody, body)).toThrow(ApiError)
    expect(() => read(importBody, '{"inside":{"color":"blue"}}')).toThrow(ApiError)
  })

  test('needs its type, but not where things are imported', () => {
    for (const contentType of ['', 'text/plain', 'application/merge-patch+json']) {
      expect(() => read(usualBody, '{}', contentType)).toThrow(ApiError)
      expect(read(importBody, '{}', contentType)).toEqual({})
    }
  })

  test('may be followed by something where things are imported', () => {
    expect(read(importBody, ' {"name":"a}\\"]"} trailing')).toEqual({ name: 'a}"]' })
    expect(() => read(usualBody, '{} trailing')).toThrow(ApiError)
    expect(() => read(importBody, '{"name": trailing')).toThrow(ApiError)
    expect(() => read(importBody, '} {}')).toThrow(ApiError)
  })

  test('is nested only so deep', () => {
    const nested = (levels: number) => `{"anything":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(read(usualBody, nested(199))).toHaveProperty('anything')
    expect(() => read(usualBody, nested(200))).toThrow(ApiError)
    expect(() => read(importBody, nested(100_000))).toThrow(ApiError)
    expect(read(usualBody, JSON.stringify({ name: '['.repeat(1000) }))).toHaveProperty('name')
  })

  test('is refused with the place, in the message or in the reason', () => {
    const thrown = (style: typeof usualBody) => {
      try {
        read(style, '{"inside":{"flag":1}}')
      } catch (error) {
        return error as ApiError
      }
    }
    expect(thrown(usualBody)?.reason).toContain('/inside/flag')
    expect(thrown(importBody)?.message).toContain('/inside/flag')
    expect(thrown(importBody)?.reason).toBeUndefined()
  })
})

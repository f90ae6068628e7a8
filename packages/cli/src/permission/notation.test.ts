import { describe, expect, it } from 'vitest'
import {
  formatSubject,
  formatSubjectSet,
  parseListQuery,
  parseSubject,
  parseSubjectSet,
  parseSubjectType,
  parseTuple,
  printable,
} from './notation.ts'

const members = { namespace: 'Group', object: 'crew', relation: 'members' }

describe('a relationship', () => {
  it('is read with an id', () => {
    const tuple = { namespace: 'Document', object: 'plan', relation: 'view', subject_id: 'ada' }
    expect(parseTuple('Document:plan#view@ada')).toEqual(tuple)
  })

  it.each(['Document:plan#view@Group:crew#members', 'Document:plan#view@(Group:crew#members)'])(
    'is read with a set: %s',
    (text) => {
      expect(parseTuple(text)).toMatchObject({ relation: 'view', subject_set: members })
    },
  )

  it('may have colons, hashes and at signs where nothing else can be meant', () => {
    expect(parseTuple('Document:a:b@c#view@ada@example.org')).toEqual({
      namespace: 'Document',
      object: 'a:b@c',
      relation: 'view',
      subject_id: 'ada@example.org',
    })
  })

  it.each(['', 'Document', 'Document:plan', 'Document:plan#view', 'Document:plan#view@', ':plan#view@ada'])(
    'is refused when it is not whole: "%s"',
    (text) => {
      expect(() => parseTuple(text)).toThrow(/Expected NAMESPACE:OBJECT#RELATION@SUBJECT/)
    },
  )
})

describe('a set', () => {
  it('is written as it is read', () => {
    expect(formatSubjectSet(parseSubjectSet('Group:crew#members'))).toBe('Group:crew#members')
    expect(formatSubject(parseSubject('Group:crew'))).toBe('Group:crew')
    expect(formatSubject(parseSubject('ada'))).toBe('ada')
  })

  it('as a subject may have no relation, but as a question needs one', () => {
    expect(parseSubject('Group:crew')).toEqual({ subject_set: { ...members, relation: '' } })
    expect(() => parseSubjectSet('Group:crew')).toThrow(/Expected NAMESPACE:OBJECT#RELATION/)
  })
})

describe('a question for objects', () => {
  it('is read with an id, and with a set', () => {
    const asked = { namespace: 'Document', relation: 'view' }
    expect(parseListQuery('Document#view@ada@example.org')).toEqual({ ...asked, subject_id: 'ada@example.org' })
    expect(parseListQuery('Document#view@Group:crew#members')).toEqual({ ...asked, subject_set: members })
  })

  it.each(['', 'Document#view', 'Document#view@', '#view@ada', 'Document:plan#view@ada'])(
    'is refused when it is another: "%s"',
    (text) => {
      expect(() => parseListQuery(text)).toThrow(/Expected NAMESPACE#RELATION@SUBJECT/)
    },
  )
})

describe('a kind of sets', () => {
  it('is a namespace with a relation or without', () => {
    expect(parseSubjectType('Group#members')).toEqual({ subject_namespace: 'Group', subject_relation: 'members' })
    expect(parseSubjectType('Folder')).toEqual({ subject_namespace: 'Folder', subject_relation: '' })
  })

  it.each(['', '#members', 'Group:crew#members'])('is refused when it is not one: "%s"', (text) => {
    expect(() => parseSubjectType(text)).toThrow(/Expected NAMESPACE#RELATION or NAMESPACE/)
  })
})

it('shows names without what would steer a terminal', () => {
  expect(printable('a\u001b[31mb\u202ec ü🦄')).toBe('a\\u{1b}[31mb\\u{202e}c ü🦄')
})

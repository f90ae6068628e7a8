import { describe, expect, it } from 'vitest'
import {
  printable,
  readKind,
  readQuestion,
  readSet,
  readSubject,
  readTuple,
  writeSet,
  writeSubject,
} from './notation.ts'

const members = { namespace: 'Group', object: 'crew', relation: 'members' }

describe('a relationship', () => {
  it('is read with an id', () => {
    const tuple = { namespace: 'Document', object: 'plan', relation: 'view', subject_id: 'ada' }
    expect(readTuple('Document:plan#view@ada')).toEqual(tuple)
  })

  it.each(['Document:plan#view@Group:crew#members', 'Document:plan#view@(Group:crew#members)'])(
    'is read with a set: %s',
    (text) => {
      expect(readTuple(text)).toMatchObject({ relation: 'view', subject_set: members })
    },
  )

  it('may have colons, hashes and at signs where nothing else can be meant', () => {
    expect(readTuple('Document:a:b@c#view@ada@example.org')).toEqual({
      namespace: 'Document',
      object: 'a:b@c',
      relation: 'view',
      subject_id: 'ada@example.org',
    })
  })

  it.each(['', 'Document', 'Document:plan', 'Document:plan#view', 'Document:plan#view@', ':plan#view@ada'])(
    'is refused when it is not whole: "%s"',
    (text) => {
      expect(() => readTuple(text)).toThrow(/Expected NAMESPACE:OBJECT#RELATION@SUBJECT/)
    },
  )
})

describe('a set', () => {
  it('is written as it is read', () => {
    expect(writeSet(readSet('Group:crew#members'))).toBe('Group:crew#members')
    expect(writeSubject(readSubject('Group:crew'))).toBe('Group:crew')
    expect(writeSubject(readSubject('ada'))).toBe('ada')
  })

  it('as a subject may have no relation, but as a question needs one', () => {
    expect(readSubject('Group:crew')).toEqual({ subject_set: { ...members, relation: '' } })
    expect(() => readSet('Group:crew')).toThrow(/Expected NAMESPACE:OBJECT#RELATION/)
  })
})

describe('a question for objects', () => {
  it('is read with an id, and with a set', () => {
    const asked = { namespace: 'Document', relation: 'view' }
    expect(readQuestion('Document#view@ada@example.org')).toEqual({ ...asked, subject_id: 'ada@example.org' })
    expect(readQuestion('Document#view@Group:crew#members')).toEqual({ ...asked, subject_set: members })
  })

  it.each(['', 'Document#view', 'Document#view@', '#view@ada', 'Document:plan#view@ada'])(
    'is refused when it is another: "%s"',
    (text) => {
      expect(() => readQuestion(text)).toThrow(/Expected NAMESPACE#RELATION@SUBJECT/)
    },
  )
})

describe('a kind of sets', () => {
  it('is a namespace with a relation or without', () => {
    expect(readKind('Group#members')).toEqual({ subject_namespace: 'Group', subject_relation: 'members' })
    expect(readKind('Folder')).toEqual({ subject_namespace: 'Folder', subject_relation: '' })
  })

  it.each(['', '#members', 'Group:crew#members'])('is refused when it is not one: "%s"', (text) => {
    expect(() => readKind(text)).toThrow(/Expected NAMESPACE#RELATION or NAMESPACE/)
  })
})

it('shows names without what would steer a terminal', () => {
  expect(printable('a\u001b[31mb\u202ec ü🦄')).toBe('a\\u{1b}[31mb\\u{202e}c ü🦄')
})

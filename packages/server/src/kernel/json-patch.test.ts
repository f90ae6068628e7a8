import { describe, expect, test } from 'vitest'
import { applyPatch, PatchError, readPatch } from './json-patch.ts'

const patch = (document: object, ...operations: object[]) => applyPatch(document, readPatch(operations, []))

describe('a JSON Patch', () => {
  test.each([
    ['adds a member', {}, [{ op: 'add', path: '/a', value: 1 }], { a: 1 }],
    ['replaces a member', { a: 1 }, [{ op: 'replace', path: '/a', value: 2 }], { a: 2 }],
    ['replaces what is not there', {}, [{ op: 'replace', path: '/a', value: 2 }], { a: 2 }],
    ['makes the objects on its way', {}, [{ op: 'add', path: '/a/b/c', value: 1 }], { a: { b: { c: 1 } } }],
    ['makes an object in place of null', { a: null }, [{ op: 'add', path: '/a/b', value: 1 }], { a: { b: 1 } }],
    ['makes a list where a position follows', {}, [{ op: 'add', path: '/a/0/b', value: 1 }], { a: [{ b: 1 }] }],
    ['makes a list where its end follows', {}, [{ op: 'add', path: '/a/-', value: 1 }], { a: [1] }],
    ['makes a list in a list', { a: [] }, [{ op: 'add', path: '/a/0/0', value: 1 }], { a: [[1]] }],
    ['makes an element after the last', { a: [1] }, [{ op: 'add', path: '/a/1/b', value: 2 }], { a: [1, { b: 2 }] }],
    ['makes an element at the end', { a: [1] }, [{ op: 'add', path: '/a/-/b', value: 2 }], { a: [1, { b: 2 }] }],
    ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['adds at the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['adds inside a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['removes from a list', { a: [1, 2] }, [{ op: 'remove', path: '/a/0' }], { a: [2] }],
    ['reaches into lists', { a: [{ b: 1 }] }, [{ op: 'replace', path: '/a/0/b', value: 2 }], { a: [{ b: 2 }] }],
    [
      'unescapes names',
      { 'a/b': 1, 'c~d': 1 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'remove', path: '/c~0d' },
      ],
      {},
    ],
    ['takes a missing value for null', {}, [{ op: 'add', path: '/a' }], { a: null }],
  ])('%s', (_, document, operations, expected) => {
    expect(patch(document, ...operations)).toEqual(expected)
  })

  test.each([
    ['removes nothing that is not there', { a: 1 }, { op: 'remove', path: '/b' }],
    ['removes nothing inside what is not there', {}, { op: 'remove', path: '/a/b' }],
    ['adds nothing beyond the end of a list', { a: [] }, { op: 'add', path: '/a/1', value: 1 }],
    ['replaces no element that is not there', { a: [] }, { op: 'replace', path: '/a/0', value: 1 }],
    ['makes no list for an element to replace', {}, { op: 'replace', path: '/a/0', value: 1 }],
    ['makes no elements before another', {}, { op: 'add', path: '/a/1/b', value: 1 }],
    ['removes nothing inside a list that is not there', {}, { op: 'remove', path: '/a/0/b' }],
    ['knows no negative places', { a: [1] }, { op: 'remove', path: '/a/-1' }],
    ['reaches into no text', { a: 'x' }, { op: 'add', path: '/a/b', value: 1 }],
    ['inherits nothing', {}, { op: 'remove', path: '/constructor' }],
    ['touches no prototype', {}, { op: 'add', path: '/__proto__/a', value: 1 }],
    ['knows no move', { a: 1 }, { op: 'move', from: '/a', path: '/b' }],
    ['knows no copy', { a: 1 }, { op: 'copy', from: '/a', path: '/b' }],
    ['knows no test', { a: 1 }, { op: 'test', path: '/a', value: 1 }],
    ['does not replace the whole', { a: 1 }, { op: 'replace', path: '', value: {} }],
    ['needs a path', { a: 1 }, { op: 'remove' }],
    ['is not led too deep', {}, { op: 'add', path: '/a'.repeat(101), value: 1 }],
  ])('%s', (_, document, operation) => {
    expect(() => patch(document, operation)).toThrow(PatchError)
  })

  test('is a list of a bounded length', () => {
    expect(() => readPatch({ op: 'remove', path: '/a' }, [])).toThrow(PatchError)
    expect(() => readPatch(Array(1001).fill({ op: 'add', path: '/a', value: 1 }), [])).toThrow(PatchError)
    expect(() => readPatch([null], [])).toThrow(PatchError)
  })

  test('changes nothing where it is null', () => {
    expect(readPatch(null, [])).toEqual([])
  })

  test('leaves the document as it was', () => {
    const document = { a: { b: [1] } }
    patch(document, { op: 'add', path: '/a/b/-', value: 2 })
    expect(document).toEqual({ a: { b: [1] } })
  })

  test('does not tie what it adds twice together', () => {
    const result = patch({}, { op: 'add', path: '/a', value: {} }, { op: 'add', path: '/a/x', value: 1 })
    expect(result).toEqual({ a: { x: 1 } })
  })

  test.each(['/id', '/ID', '/credentials', '/credentials/oidc/config', '/Credentials/OIDC/identifiers/0'])(
    'is refused at %s',
    (path) => {
      expect(() => readPatch([{ op: 'remove', path }], ['/id', '/credentials', '/credentials/oidc/**'])).toThrow(
        PatchError,
      )
    },
  )

  test('is not refused beside a denied path', () => {
    const denied = ['/id', '/credentials', '/credentials/oidc/**']
    expect(
      readPatch(
        [
          { op: 'remove', path: '/credentials/oidc' },
          { op: 'remove', path: '/identity' },
        ],
        denied,
      ),
    ).toHaveLength(2)
  })
})

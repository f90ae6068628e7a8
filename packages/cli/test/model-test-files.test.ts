import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, openFolder } from './model-tests.ts'

let folder: Awaited<ReturnType<typeof openFolder>>
beforeAll(async () => {
  folder = await openFolder()
})
afterAll(() => folder.close())
const test: typeof folder.test = (...args) => folder.test(...args)

describe('a file of tests', () => {
  const tests = 'tests: [{ name: ada, denied: [Document:plan#view@ada] }]'

  it.each<[what: string, lines: string[], mistake: string]>([
    ['is no YAML', ['name: [', tests], '2:1  '],
    ['is empty', [''], '1:1  A test file must be an object'],
    ['is a list', ['- 1'], '1:1  A test file must be an object'],
    [
      'has a member that is not known',
      [...documents, tests, 'tupels: []'],
      '4:1  A test file has an unknown key "tupels"',
    ],
    ['has a member twice', [...documents, tests, tests], '4:1  Map keys must be unique'],
    ['has no model', [tests], '1:1  A test file needs either model, the path of a file, or opl, an inline model.'],
    ['has two models', [...documents, 'opl: ""', tests], '2:8  A test file needs either model'],
    [
      'names a model that is not there',
      ['model: none.keto.ts', tests],
      '1:8  The model none.keto.ts cannot be read: no such',
    ],
    ['names a folder as its model', ['model: models', tests], '1:8  The model models cannot be read: not a file'],
    [
      'has a model with a mistake',
      ['opl: |', '  class A implements Namespace {', '    related: { x: B[] }', '  }', tests],
      '3:19  There is no class "B".',
    ],
    ['has a model with a mistake in a line of its own', ['opl: "class"', tests], '1:6  '],
    ['has no tests', documents, '1:1  The file contains no tests.'],
    ['has an empty list of tests', [...documents, 'tests: []'], '3:8  The file contains no tests.'],
    ['has tests that are no list', [...documents, 'tests: {}'], '3:8  tests must be a list.'],
    [
      'has a test without a name',
      [...documents, 'tests: [{ denied: [Document:plan#view@ada] }]'],
      '3:9  A test needs a name.',
    ],
    ['has a test that asks nothing', [...documents, 'tests: [{ name: ada }]'], '3:9  A test needs at least one of'],
    [
      'has a test with a member that is not known',
      [...documents, 'tests: [{ name: a, alowed: [] }]'],
      '3:20  A test has an unknown key "alowed"',
    ],
    [
      'has a question that cannot be read',
      [...documents, 'tests: [{ name: a, allowed: [Document:plan] }]'],
      '3:30  Expected NAMESPACE:OBJECT#RELATION@SUBJECT',
    ],
    [
      'asks for what the model does not declare',
      [...documents, 'tests: [{ name: a, allowed: [Document:plan#vew@ada] }]'],
      '3:30  The namespace "Document" declares no relation "vew".',
    ],
    [
      'asks about a namespace that is not there',
      [...documents, 'tests: [{ name: a, allowed: [Dokument:plan#view@a] }]'],
      '3:30  There is no namespace "Dokument".',
    ],
    [
      'asks for lists that are none',
      [...documents, 'tests: [{ name: a, objects: [] }]'],
      '3:29  objects must be an object.',
    ],
    [
      'asks for a list that is left out',
      [...documents, 'tests: [{ name: a, objects: { Document#view@ada: } }]'],
      '3:50  The objects must be a list; write [] for an empty list.',
    ],
    [
      'asks for a list without a value',
      [...documents, 'tests: [{ name: a, objects: { Document#view@ada } }]'],
      '3:31  The objects must be a list; write [] for an empty list.',
    ],
    [
      'asks for objects in another notation',
      [...documents, 'tests: [{ name: a, objects: { "Document:plan#view@ada": [] } }]'],
      '3:31  Expected NAMESPACE#RELATION@SUBJECT',
    ],
    [
      'asks for objects of an undeclared relation',
      [...documents, 'tests: [{ name: a, objects: { Document#vew@ada: [] } }]'],
      '3:31  The namespace "Document" declares no relation "vew".',
    ],
    [
      'asks for objects of an undeclared set',
      [...documents, 'tests: [{ name: a, objects: { "Document#view@Group:crew#member": [] } }]'],
      '3:31  The namespace "Group" declares no relation "member".',
    ],
    [
      'asks for subjects in a namespace that is not there',
      [...documents, 'tests: [{ name: a, subjects: { Dokument:plan#view: [] } }]'],
      '3:32  There is no namespace "Dokument".',
    ],
    [
      'lists something that is no name',
      [...documents, 'tests: [{ name: a, subjects: { Document:plan#view: [1] } }]'],
      '3:53  A name of the subjects must be a string.',
    ],
    [
      'has a list that is too long',
      [
        ...documents,
        `tests: [{ name: a, subjects: { Document:plan#view: ${JSON.stringify(Array.from({ length: 5001 }, (_, i) => `u${i}`))} } }]`,
      ],
      '3:52  A list has at most 5000 names.',
    ],
    ['has a tuple that cannot be read', [...documents, 'tuples: [Document]', tests], '3:10  Expected NAMESPACE:OBJECT'],
    [
      'has a tuple of an undeclared relation',
      [...documents, 'tuples: [Document:plan#viewer@ada]', tests],
      '3:10  The namespace "Document" declares no relation "viewer".',
    ],
    [
      'has a tuple with an undeclared set',
      [...documents, 'tuples: [Document:plan#viewers@Group:crew#member]', tests],
      '3:10  The namespace "Group" declares no relation "member".',
    ],
    [
      'has a tuple of another shape',
      [...documents, 'tuples: [{ namespace: Group, objekt: crew }]', tests],
      '3:30  A tuple has an unknown key "objekt"',
    ],
    [
      'has a tuple with a number for a name',
      [...documents, 'tuples: [{ namespace: Group, object: 1 }]', tests],
      '3:38  The object of a tuple must be a string.',
    ],
    [
      'has a tuple without a subject',
      [...documents, 'tuples: [{ namespace: Group, object: a, relation: members }]', tests],
      '3:10  The relationship needs a subject_id or a subject_set.',
    ],
    [
      'has a condition that cannot be read',
      [...documents, 'tuples: [{ tuple: Group:a#members@b, condition: a == }]', tests],
      '3:10  The expression of a condition cannot be used: line 1, column ',
    ],
    [
      'has a condition of another shape',
      [...documents, 'tuples: [{ tuple: Group:a#members@b, condition: [a] }]', tests],
      '3:10  The condition of a relationship must be an object.',
    ],
    [
      'has a tuple in both forms',
      [...documents, 'tuples: [{ tuple: Group:a#members@b, object: c }]', tests],
      '3:46  A tuple in the notation can only be combined with a condition.',
    ],
    [
      'has a context that is no object',
      [...documents, 'tests: [{ name: a, context: [], denied: [Group:a#members@b] }]'],
      '3:29  The context must be an object.',
    ],
    [
      'has a context beyond JSON',
      [...documents, 'tests: [{ name: a, context: { a: .inf }, denied: [Group:a#members@b] }]'],
      '3:29  The context must be JSON.',
    ],
    [
      'has a context that sets the time',
      [...documents, 'tests: [{ name: a, context: { now: 1 }, denied: [Group:a#members@b] }]'],
      '3:29  The context must not set "now"',
    ],
    [
      'has a time that is none',
      [...documents, 'tests: [{ name: a, now: 2026-02-31, denied: [Group:a#members@b] }]'],
      '3:25  now must be a time such as 2026-01-31T08:00:00Z.',
    ],
    [
      'has aliases that grow',
      [
        ...documents,
        'tests:',
        '  - name: a',
        '    denied: [Group:a#members@b]',
        '    context:',
        '      a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]',
        '      b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
        '      c: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      ],
      '7:7  The context has too many aliases.',
    ],
    ['has a depth that is none', [...documents, 'max_depth: 0', tests], '3:12  max_depth must be an integer from 1'],
    ['is strict in part', [...documents, 'strict_mode: partly', tests], '3:14  strict_mode must be true or false.'],
    [
      'has too many tests',
      [
        ...documents,
        'tests:',
        ...Array.from({ length: 501 }, (_, i) => `  - { name: t${i}, denied: [Document:plan#view@ada] }`),
      ],
      '1:1  A file has at most 500 tests.',
    ],
    [
      'has too many tuples',
      [...documents, 'tuples:', ...Array.from({ length: 5001 }, (_, i) => `  - Group:crew#members@user${i}`), tests],
      '1:1  A file has at most 5000 tuples.',
    ],
  ])('is refused when it %s', async (_, lines, mistake) => {
    const { status, out, err } = await test(lines)
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(`documents.test.yaml:${mistake}`)
  })

  it('is refused with all of its mistakes in their order, once each', async () => {
    const { err } = await test([
      ...documents,
      'tuples: [Document]',
      'strict_mode: 1',
      'tests: [{ name: 1, allowed: [x] }]',
    ])
    expect(err.split('\n').map((line) => /^documents\.test\.yaml:(\d+):/.exec(line)?.[1])).toEqual(['3', '4', '5', '5'])
  })

  it('is refused with the place in its model where that has a mistake', async () => {
    const { status, err } = await test(['model: models/wrong.keto.ts', tests])
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/^models\/wrong\.keto\.ts:10:\d+ {2}"Namespace" belongs here/),
    ])
  })

  it('keeps others from being run', async () => {
    const told = await test({ 'good.test.yaml': [...documents, tests], 'bad.test.yaml': ['x: 1'] })
    expect([told.status, told.out]).toEqual([2, ''])
    const { status, out } = await test({ 'bad.test.yaml': ['x: 1'] }, '--format', 'json')
    expect([status, JSON.parse(out)]).toEqual([
      2,
      { mistakes: [expect.objectContaining({ line: 1, column: 1 }), expect.anything()], files: [] },
    ])
  })

  it('has to be there, and is at most 1 MiB', async () => {
    expect(await folder.latchkey('none.test.yaml')).toMatchObject({
      status: 2,
      err: expect.stringContaining('no such file'),
    })
    const told = await test([...documents, tests, `# ${'x'.repeat(1 << 20)}`])
    expect(told).toMatchObject({ status: 2, err: expect.stringContaining('larger than 1 MiB') })
  })

  it('has to be named', async () => {
    expect(await folder.latchkey()).toMatchObject({
      status: 2,
      err: expect.stringContaining("missing required argument 'files'"),
    })
  })
})

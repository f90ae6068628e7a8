import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, openFolder } from './model-tests.ts'

let folder: Awaited<ReturnType<typeof openFolder>>
beforeAll(async () => {
  folder = await openFolder()
})
afterAll(() => folder.close())
const test: typeof folder.test = (...args) => folder.test(...args)

const crew = ['tuples:', '  - Document:plan#viewers@Group:crew#members', '  - Group:crew#members@ada']

describe('tests of a model', () => {
  it('pass where everything is as they say', async () => {
    const told = await test([
      ...documents,
      ...crew,
      'tests:',
      '  - name: crew members view plans',
      '    allowed: [Document:plan#view@ada]',
      '    denied: [Document:plan#view@ben, Document:plan#owners@ada]',
      '  - name: what is denied may also be a set',
      '    allowed: [Document:plan#view@Group:crew#members]',
      '    denied: [Document:plan#view@Group:other#members]',
    ])
    expect(told).toEqual({
      status: 0,
      err: '',
      out: [
        'Documents  documents.test.yaml',
        '  ✓ crew members view plans (3 assertions)',
        '  ✓ what is denied may also be a set (2 assertions)',
        '',
        '2 passed in 1 file',
      ].join('\n'),
    })
  })

  it('fail with what was expected, what was found, and where it stands', async () => {
    const told = await test([
      ...documents,
      ...crew,
      'tests:',
      '  - name: ada does everything',
      '    allowed:',
      '      - Document:plan#view@ada',
      '      - Document:plan#owners@ada',
      '  - name: ben does nothing',
      '    denied: [Document:plan#share@ben]',
      '  - name: ben does not view',
      '    denied: [Document:plan#view@ben]',
    ])
    expect(told).toEqual({
      status: 1,
      err: '',
      out: [
        'Documents  documents.test.yaml',
        '  ✗ ada does everything (1 of 2 assertions)',
        '      Document:plan#owners@ada  documents.test.yaml:10:9',
        '        expected allowed',
        '        found    denied',
        '  ✗ ben does nothing (1 of 1 assertion)',
        '      Document:plan#share@ben  documents.test.yaml:12:14',
        '        expected denied',
        '        found    allowed',
        '  ✓ ben does not view (1 assertion)',
        '',
        '2 failed, 1 passed in 1 file',
      ].join('\n'),
    })
  })

  it('know nothing of each other', async () => {
    const told = await test([
      ...documents,
      'tests:',
      '  - { name: without, denied: [Document:plan#view@ada] }',
      '  - { name: with, tuples: [Document:plan#owners@ada], allowed: [Document:plan#view@ada] }',
      '  - { name: without again, denied: [Document:plan#view@ada] }',
    ])
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining('3 passed') })
  })

  it('run over several files, each with its own model and tuples', async () => {
    const asking = (answer: string) => [`tests: [{ name: ada, ${answer}: [Document:plan#view@ada] }]`]
    const told = await test({
      'one.test.yaml': [...documents, ...crew, ...asking('allowed')],
      'two.test.yaml': [
        'opl: |',
        '  class User implements Namespace {}',
        '  class Document implements Namespace {',
        '    related: { view: User[] }',
        '  }',
        ...asking('denied'),
      ],
    })
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining('2 passed in 2 files') })
  })

  it('take tuples as the API tells them', async () => {
    const tuples = [
      { namespace: 'Document', object: 'a#b', relation: 'owners', subject_id: 'urn:user:ada' },
      {
        namespace: 'Document',
        object: 'plan',
        relation: 'viewers',
        subject_set: { namespace: 'Group', object: 'crew', relation: 'members' },
      },
    ]
    const told = await test([
      ...documents,
      `tuples: ${JSON.stringify(tuples)}`,
      'tests: [{ name: sets, allowed: [Document:plan#view@Group:crew#members] }]',
    ])
    expect(told.status).toBe(0)
  })

  it('may share tuples by anchors', async () => {
    const told = await test([
      ...documents,
      'tests:',
      '  - { name: one, tuples: &own [Document:plan#owners@ada], allowed: [&ask Document:plan#view@ada] }',
      '  - { name: two, tuples: *own, allowed: [*ask] }',
    ])
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining('2 passed') })
  })

  it('go as deep and are as strict as a server that is configured so', async () => {
    const chain = [
      'tuples:',
      ...[0, 1, 2].map((i) => `  - Group:${i}#members@Group:${i + 1}#members`),
      '  - Group:3#members@ada',
      '  - Document:plan#view@ben',
    ]
    const asking = (ada: string, ben: string) => [
      `tests: [{ name: depth, ${ada}: [Group:0#members@ada] }, { name: strictness, ${ben}: [Document:plan#view@ben] }]`,
    ]
    expect((await test([...documents, ...chain, ...asking('allowed', 'allowed')])).status).toBe(0)
    expect((await test([...documents, 'max_depth: 3', ...chain, ...asking('denied', 'allowed')])).status).toBe(0)
    expect((await test([...documents, 'strict_mode: true', ...chain, ...asking('denied', 'denied')])).status).toBe(0)
  })

  it('tell conditions what a test says', async () => {
    const told = await test([
      ...documents,
      'tuples:',
      '  - { tuple: Document:plan#owners@ada, condition: ip.in_cidr("10.0.0.0/8") }',
      '  - tuple: Document:plan#viewers@ben',
      '    condition: { expression: level >= least, context: { least: 3 } }',
      '  - { namespace: Document, object: plan, relation: viewers, subject_id: cia, condition: now.getHours() < 9 }',
      'tests:',
      '  - { name: inside, context: { ip: 10.1.2.3 }, allowed: [Document:plan#view@ada] }',
      '  - { name: outside, context: { ip: 11.1.2.3 }, denied: [Document:plan#view@ada] }',
      '  - { name: nowhere, denied: [Document:plan#view@ada, Document:plan#share@ada] }',
      '  - { name: high, context: { level: 3, least: 9 }, allowed: [Document:plan#view@ben] }',
      '  - { name: low, context: { level: 2, least: 1 }, denied: [Document:plan#view@ben] }',
      '  - { name: early, now: 2026-01-31T08:59:59Z, allowed: [Document:plan#view@cia] }',
      '  - { name: late, now: "2026-01-31T08:59:59-01:00", denied: [Document:plan#view@cia] }',
    ])
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining('7 passed') })
  })

  it('list what somebody may act on, and who may act on something', async () => {
    const told = await test([
      ...documents,
      ...crew,
      '  - Document:notes#owners@ada',
      '  - { tuple: Document:secret#viewers@ben, condition: office }',
      'tests:',
      '  - name: lists are whole, in any order',
      '    objects:',
      "      'Document#view@ada': [plan, notes]",
      "      'Document#view@Group:crew#members': [plan]",
      "      'Document#view@ben': []",
      '    subjects:',
      "      'Document:plan#view': [ada]",
      "      'Document:none#view': []",
      '  - name: conditions are told what the test says',
      '    context: { office: true }',
      "    objects: { 'Document#view@ben': [secret] }",
      "    subjects: { 'Document:secret#view': [ben] }",
    ])
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining('(5 assertions)') })
  })

  it('fail with what a list lacks and what it should not have', async () => {
    const told = await test([
      ...documents,
      ...crew,
      '  - Document:a, b#viewers@ada',
      'tests:',
      '  - name: lists',
      '    objects:',
      "      'Document#view@ada': [notes, plan]",
      "      'Document#view@ben': [plan]",
      '    subjects:',
      "      'Document:plan#view': []",
    ])
    expect(told.status).toBe(1)
    expect(told.out.split('\n').slice(1, -2)).toEqual([
      '  ✗ lists (3 of 3 assertions)',
      '      objects Document#view@ada  documents.test.yaml:10:7',
      '        expected notes, plan',
      '        found    "a, b", plan (missing: notes; not expected: "a, b")',
      '      objects Document#view@ben  documents.test.yaml:11:7',
      '        expected plan',
      '        found    nothing (missing: plan)',
      '      subjects Document:plan#view  documents.test.yaml:13:7',
      '        expected nothing',
      '        found    ada (not expected: ada)',
    ])
  })

  it('compare lists that are longer than a page', async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `user${i}`)
    const ask = (expected: string[]) =>
      test([
        ...documents,
        `tuples: ${JSON.stringify(names.map((name) => `Group:crew#members@${name}`))}`,
        'tests:',
        '  - name: many',
        `    subjects: { 'Group:crew#members': ${JSON.stringify(expected)} }`,
      ])
    expect((await ask(names.toReversed())).status).toBe(0)
    const { status, out } = await ask(names.slice(1))
    expect(status).toBe(1)
    expect(out).toMatch(/and 1480 more \(not expected: user0\)/)
  })

  it('are told to programs in JSON', async () => {
    const { status, out } = await test(
      [...documents, 'tests: [{ name: ada, allowed: [Document:plan#view@ada] }]'],
      '--format',
      'json',
    )
    const place = { file: 'documents.test.yaml', line: 3 }
    const failure = { ...place, column: 32, what: 'Document:plan#view@ada', expected: 'allowed', found: 'denied' }
    expect(status).toBe(1)
    expect(JSON.parse(out)).toEqual({
      mistakes: [],
      files: [
        {
          file: 'documents.test.yaml',
          name: 'Documents',
          tests: [{ ...place, column: 9, name: 'ada', passed: false, asked: 1, failures: [failure] }],
        },
      ],
    })
  })

  it('do not steer the terminal by their names', async () => {
    const { out } = await test([...documents, 'tests: [{ name: "a\\e[31mb", denied: [Document:plan#view@ada] }]'])
    expect(out).toContain('a\\u{1b}[31mb')
  })
})

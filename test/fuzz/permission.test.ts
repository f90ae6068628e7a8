import { hash } from 'node:crypto'
import { api, type OperationSpec } from '@latchkey/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../stage/postgres.ts'
import { exchange } from './exchange.ts'
import { type FuzzTarget, startFuzzTarget } from './stage.ts'

const json = { accept: 'application/json', 'content-type': 'application/json' }
const set = { namespace: 'Group', object: 'g', relation: 'members' }
const tuple = { namespace: 'Document', object: 'd', relation: 'viewers', subject_id: 'a' }
const ofSet = { ...tuple, subject_id: undefined, subject_set: set }

/** Names that cannot be stored or looked up, and valid names that resemble them. */
const names = {
  'a NUL': 'a\0b',
  'a high surrogate': 'a\ud800b',
  'a low surrogate': '\udc00',
  'a huge name': 'x'.repeat(100_000),
  'a huge name of multi-byte characters': '🦄'.repeat(1500),
  'an empty name': '',
  'the name of the prototype property': '__proto__',
  'the name of a set': 'Group:g#members',
}

/** An incompressible name, because PostgreSQL compresses long values before it limits their size in an index. */
const long = (length: number, seed: string) =>
  Array.from({ length: Math.ceil(length / 64) }, (_, part) => hash('sha256', seed + part))
    .join('')
    .slice(0, length)

const changes = (count: number) => Array(count).fill({ action: 'insert', relation_tuple: tuple })
const lists: [string, OperationSpec, unknown][] = [
  ['a name of the maximum length', api.createRelationship, { ...tuple, object: long(2048, 'a') }],
  [
    'names of a large total length',
    api.createRelationship,
    { ...ofSet, object: long(1240, 'a'), subject_set: { ...set, object: long(1240, 'b') } },
  ],
  [
    'names that exceed the total length',
    api.createRelationship,
    { ...tuple, object: long(2048, 'a'), subject_id: long(2048, 'b') },
  ],
  ['more changes than the limit', api.patchRelationships, changes(5000)],
  ['changes above the body size limit', api.patchRelationships, changes(20_000)],
  ['changes that are null', api.patchRelationships, [null, ...changes(1)]],
  ['a change without a tuple', api.patchRelationships, [...changes(1), { action: 'insert' }]],
  ['a change whose tuple is a string', api.patchRelationships, [{ action: 'insert', relation_tuple: 'x' }]],
  ['an action that is a list', api.patchRelationships, [{ action: ['insert'], relation_tuple: tuple }]],
  ['more checks than the limit', api.batchCheckPermission, { tuples: Array(5000).fill(tuple) }],
  ['checks that are null', api.batchCheckPermission, { tuples: [null, tuple, null] }],
  ['a check in a check', api.batchCheckPermission, { tuples: [{ ...tuple, subject_set: { ...set, object: tuple } }] }],
]

const postgres = process.env.LATCHKEY_TEST_POSTGRES
const databases: [string, () => Promise<string>][] = [
  ['SQLite', async () => 'memory'],
  ...(postgres ? [['PostgreSQL', () => freshDatabase(postgres)] as [string, () => Promise<string>]] : []),
]

/** Runs on both databases, because they differ in the characters that a text may contain. */
describe.skipIf(process.env.LATCHKEY_TEST_TARGET).each(databases)('names and lists of permissions on %s', (_, dsn) => {
  let target: FuzzTarget
  beforeAll(async () => {
    target = await startFuzzTarget(await dsn())
  })
  afterAll(() => target?.stop())

  const play = (operation: OperationSpec, body: unknown, query = '') =>
    exchange(target, operation, {
      method: operation.method,
      path: query ? `${operation.path}?${query}` : operation.path,
      headers: json,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  /** List requests with the names of a tuple. */
  const playLists = async (body: object) => {
    const { object, ...rest } = body as Record<string, unknown>
    const { namespace, relation } = rest
    await play(api.listPermissionObjects, rest)
    await play(api.listPermissionSubjects, { namespace, object, relation })
    const sets = { subject_namespace: namespace, subject_relation: relation }
    await play(api.listPermissionSubjects, { ...tuple, subject_id: undefined, ...sets })
  }

  it.each(Object.entries(names))('%s is accepted or rejected in every position', async (_, name) => {
    for (const body of [...spoilt(tuple, name), ...spoilt(ofSet, name)]) {
      await play(api.createRelationship, body)
      for (const action of ['insert', 'delete']) await play(api.patchRelationships, [{ action, relation_tuple: body }])
      await play(api.postCheckPermission, body)
      await play(api.postCheckPermissionOrError, body)
      await play(api.batchCheckPermission, { tuples: [body] })
      const query = queryOf(body)
      for (const operation of [api.getRelationships, api.checkPermission, api.checkPermissionOrError])
        await play(operation, undefined, query)
      await play(api.expandPermissions, undefined, query)
      await playLists(body)
      await play(api.deleteRelationships, undefined, query)
    }
  })

  it.each(Object.keys(names))('%s is found as it was written, or was rejected', async (key) => {
    const written = { ...tuple, namespace: 'User', object: names[key as keyof typeof names] }
    const answer = await play(api.createRelationship, written)
    if (answer?.status !== 201) return
    const found = await play(api.getRelationships, undefined, queryOf(JSON.parse(answer.text)))
    expect(JSON.parse(found?.text ?? '').relation_tuples).toContainEqual(JSON.parse(answer.text))
  })

  it.each(lists)('%s', async (_, operation, body) => {
    await play(operation, body)
  })

  it.each(['!', 'e30', 'W10.x', '%00', 'a.b.c', 'x'.repeat(5000)])('the page token %s is rejected', async (token) => {
    const answer = await play(api.getRelationships, undefined, `page_token=${token.slice(0, 4000)}`)
    expect(answer?.status).toBe(400)
    const { object: _object, ...asked } = tuple
    const listed = await play(api.listPermissionObjects, asked, `page_token=${token.slice(0, 4000)}`)
    expect(listed?.status).toBe(400)
  })
})

/** The same tuple with one of its names replaced. */
function spoilt(from: object, name: string): object[] {
  return Object.entries(from).flatMap(([key, value]): object[] => {
    if (value === undefined) return []
    if (typeof value === 'object') return spoilt(value, name).map((inner) => ({ ...from, [key]: inner }))
    return [{ ...from, [key]: name }]
  })
}

function queryOf(body: object): string {
  const { subject_set: members = {}, ...rest } = body as Record<string, unknown> & { subject_set?: object }
  const pairs = [
    ...Object.entries(rest),
    ...Object.entries(members).map(([key, value]) => [`subject_set.${key}`, value]),
  ]
  const search = new URLSearchParams()
  for (const [key, value] of pairs) if (value !== undefined) search.append(String(key), String(value).slice(0, 2100))
  return search.toString()
}

import type { JsonObject } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns } from '../../../test/courier.ts'
import { type GrpcClient, grpcClient, keto, openGrpcApp } from '../../../test/grpc.ts'
import { version } from '../../kernel/version.ts'

type Server = Awaited<ReturnType<typeof openGrpcApp>>

const user = (id: string) => ({ id })
const members = (object: string) => ({ set: { namespace: 'Group', object, relation: 'members' } })
const tuple = (object: string, relation: string, subject: JsonObject, namespace = 'File') => ({
  ...{ namespace, object, relation, subject },
})
const check = `${keto}.CheckService/Check`
const batch = `${keto}.CheckService/BatchCheck`
const expand = `${keto}.ExpandService/Expand`
const list = `${keto}.ReadService/ListRelationTuples`
const transact = `${keto}.WriteService/TransactRelationTuples`
const remove = `${keto}.WriteService/DeleteRelationTuples`

describe.each(dsns)('over gRPC on %s', (_, dsn) => {
  let server: Server
  let client: GrpcClient
  beforeAll(async () => {
    server = await openGrpcApp(dsn)
    client = grpcClient(server.port, { token: server.token })
  })
  afterAll(async () => {
    client.close()
    await server.close()
  })
  beforeEach(async () => {
    for (const namespace of ['File', 'Group']) await client.call(remove, { relationQuery: { namespace } })
  })

  const write = (...tuples: object[]) =>
    client.call(transact, {
      relationTupleDeltas: tuples.map((relationTuple) => ({
        action: 'ACTION_INSERT',
        relationTuple: { ...relationTuple },
      })),
    })
  const stored = async () => (await client.call(list, { relationQuery: {} })).message.relationTuples ?? []

  it('answers a check with the tuple and with the older fields', async () => {
    await write(tuple('plan', 'viewers', members('crew')), tuple('crew', 'members', user('ann'), 'Group'))
    const yes = { code: status.OK, message: { allowed: true, snaptoken: expect.any(String) } }
    expect(await client.call(check, { tuple: tuple('plan', 'view', user('ann')) })).toMatchObject(yes)
    expect(await client.call(check, tuple('plan', 'view', user('ann')))).toMatchObject(yes)
    const { message } = await client.call(check, { tuple: tuple('plan', 'view', user('ben')), latest: true })
    expect(message).not.toHaveProperty('allowed')
    const narrow = await client.call(check, { tuple: tuple('plan', 'view', user('ann')), maxDepth: 1 })
    expect(narrow.message).not.toHaveProperty('allowed')
  })

  it.each([
    ['an unknown namespace', tuple('plan', 'view', user('ann'), 'Ship'), status.NOT_FOUND],
    ['an unknown namespace of the subject', tuple('plan', 'view', { set: { namespace: 'Ship' } }), status.NOT_FOUND],
    ['an undeclared relation', tuple('plan', 'sail', user('ann')), status.INVALID_ARGUMENT],
    ['a missing subject', { namespace: 'File', object: 'plan', relation: 'view' }, status.INVALID_ARGUMENT],
    ['an empty subject', tuple('plan', 'view', {}), status.INVALID_ARGUMENT],
    ['a name with NUL', tuple('pl\0an', 'view', user('ann')), status.INVALID_ARGUMENT],
    ['a name that is too long', tuple('x'.repeat(3000), 'view', user('ann')), status.INVALID_ARGUMENT],
  ])('refuses to check %s', async (_name, asked, code) => {
    expect(await client.call(check, { tuple: asked })).toMatchObject({ code, details: expect.stringMatching(/./) })
  })

  it('says in strict mode that a limit keeps the answer from being found', async () => {
    const token = await server.addProject('strict', { feature_flags: { strict_mode: true } })
    const strict = grpcClient(server.port, { token, authority: 'strict.projects.localhost' })
    const asked = tuple('a', 'members', user('ann'), 'Group')
    const relationTuple = tuple('a', 'members', members('b'), 'Group')
    for (const one of [client, strict]) {
      await one.call(transact, { relationTupleDeltas: [{ action: 'ACTION_INSERT', relationTuple }] })
    }
    expect((await client.call(check, { tuple: asked, maxDepth: 2 })).code).toBe(status.OK)
    expect(await strict.call(check, { tuple: asked, maxDepth: 2 })).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'max_depth_exceeded',
    })
    const { message } = await strict.call(batch, { tuples: [asked], maxDepth: 2 })
    expect(message.results).toMatchObject([{ error: 'max_depth_exceeded' }])
    strict.close()
  })

  it('answers several checks, each with its own fault', async () => {
    await write(tuple('plan', 'owners', user('ann')))
    const tuples = [
      tuple('plan', 'view', user('ann')),
      tuple('plan', 'sail', user('ann')),
      tuple('plan', 'view', user('ann'), `Ship${'\u{1f6a2}'.repeat(50)}`),
      tuple('plan', 'view', {}),
    ]
    const { message } = await client.call(batch, { tuples })
    const fault = { error: expect.stringMatching(/./), snaptoken: expect.any(String) }
    expect(message.results).toEqual([{ allowed: true, snaptoken: expect.any(String) }, fault, fault, fault])
    const most = Array.from({ length: 11 }, () => tuple('plan', 'view', user('ann')))
    expect(await client.call(batch, { tuples: most })).toMatchObject({ code: status.INVALID_ARGUMENT })
  })

  it('expands a subject set, an id, and nothing', async () => {
    await write(tuple('crew', 'members', user('ann'), 'Group'), tuple('crew', 'members', members('deck'), 'Group'))
    const leaf = (subject: object) => ({ nodeType: 'NODE_TYPE_LEAF', subject, tuple: { subject } })
    const { message } = await client.call(expand, { subject: members('crew') })
    expect(message.tree).toEqual({
      ...{ nodeType: 'NODE_TYPE_UNION', subject: members('crew'), tuple: { subject: members('crew') } },
      children: [leaf(user('ann')), leaf(members('deck'))],
    })
    const id = await client.call(expand, { subject: user('ann') })
    expect(id.message).toEqual({ tree: { nodeType: 'NODE_TYPE_LEAF', subject: user('ann') } })
    expect(await client.call(expand, { subject: members('empty') })).toMatchObject({ code: status.OK, message: {} })
  })

  it.each([
    ['no subject', {}, status.INVALID_ARGUMENT],
    ['an empty subject', { subject: {} }, status.INVALID_ARGUMENT],
    ['an unknown namespace', { subject: { set: { namespace: 'Ship' } } }, status.NOT_FOUND],
    ['a name with NUL', { subject: { set: { namespace: 'Group', object: '\0' } } }, status.INVALID_ARGUMENT],
  ])('refuses to expand %s', async (_name, asked, code) => {
    expect(await client.call(expand, asked)).toMatchObject({ code })
  })

  it('lists by a query in both its forms, page by page', async () => {
    const three = ['a', 'b', 'c'].map((object) => tuple(object, 'owners', user('ann')))
    await write(...three, tuple('', 'owners', user('ann')))
    const all = { namespace: 'File', subject: user('ann') }
    const names = async (asked: object) => {
      const { message } = await client.call(list, { ...asked })
      return (message.relationTuples as { object?: string }[]).map(({ object = '' }) => object)
    }
    expect(await names({ relationQuery: all })).toEqual(['', 'a', 'b', 'c'])
    expect(await names({ query: { ...all, object: '' } })).toEqual(['', 'a', 'b', 'c'])
    expect(await names({ relationQuery: { ...all, object: '' } })).toEqual([''])
    const first = await client.call(list, { relationQuery: all, pageSize: 3 })
    expect(first.message.relationTuples).toHaveLength(3)
    expect(await names({ relationQuery: all, pageToken: first.message.nextPageToken })).toEqual(['c'])
  })

  it.each([
    ['without a query', {}, status.INVALID_ARGUMENT],
    ['of an unknown namespace', { relationQuery: { namespace: 'Ship' } }, status.NOT_FOUND],
    ['of a subject in the empty namespace', { query: { subject: { set: {} } } }, status.NOT_FOUND],
    ['from a token made up', { relationQuery: {}, pageToken: 'made.up' }, status.INVALID_ARGUMENT],
  ])('refuses a list %s', async (_name, asked, code) => {
    expect(await client.call(list, asked)).toMatchObject({ code })
  })

  it('inserts and deletes at once, and leaves out what does neither', async () => {
    const old = tuple('old', 'owners', user('ann'))
    await write(old)
    const { message } = await client.call(transact, {
      relationTupleDeltas: [
        { action: 'ACTION_DELETE', relationTuple: old },
        { action: 'ACTION_INSERT', relationTuple: tuple('new', 'owners', user('ann')) },
        { action: 'ACTION_UNSPECIFIED', relationTuple: {} },
        { action: 7 },
      ],
    })
    expect(message.snaptokens).toHaveLength(1)
    expect(await stored()).toEqual([tuple('new', 'owners', user('ann'))])
  })

  it.each([
    ['of an unknown namespace', tuple('plan', 'owners', user('ann'), 'Ship'), status.NOT_FOUND],
    ['without a subject', { namespace: 'File' }, status.INVALID_ARGUMENT],
    ['without a tuple', undefined, status.INVALID_ARGUMENT],
  ])('refuses a change %s, and all with it', async (_name, wrong, code) => {
    const relationTupleDeltas = [tuple('plan', 'owners', user('ann')), wrong].map((one) => ({
      action: 'ACTION_INSERT',
      ...(one && { relationTuple: one }),
    }))
    expect(await client.call(transact, { relationTupleDeltas })).toMatchObject({ code })
    expect(await stored()).toEqual([])
  })

  it('deletes what a query means, and nothing for one that names nothing', async () => {
    await write(tuple('a', 'owners', user('ann')), tuple('b', 'owners', user('ann')), tuple('c', 'owners', user('ben')))
    const nameless: JsonObject[] = [
      {},
      { relationQuery: {} },
      { query: {} },
      { query: { object: '' } },
      { query: { subject: {} } },
    ]
    for (const asked of nameless)
      expect(await client.call(remove, asked)).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: expect.stringMatching('nothing was'),
      })
    expect(await client.call(remove, { query: { namespace: 'Ship' } })).toMatchObject({ code: status.NOT_FOUND })
    expect(await stored()).toHaveLength(3)
    await client.call(remove, { query: { object: 'a' } })
    await client.call(remove, { relationQuery: { namespace: 'File', subject: user('ben') } })
    expect(await stored()).toEqual([tuple('b', 'owners', user('ann'))])
  })

  it('tells of the namespaces, of the version and of mistakes in a model', async () => {
    const { message } = await client.call(`${keto}.NamespacesService/ListNamespaces`, {})
    expect(message).toEqual({ namespaces: ['User', 'Group', 'File'].map((name) => ({ name })) })
    expect((await client.call(`${keto}.VersionService/GetVersion`, {})).message).toEqual({ version })
    const syntax = (text: string) =>
      client.call('ory.keto.opl.v1alpha1.SyntaxService/Check', { content: Buffer.from(text).toString('base64') })
    expect((await syntax('class User implements Namespace {}')).message).toEqual({})
    expect((await syntax('class User\nimplements {}')).message.parseErrors).toEqual([
      { message: expect.stringMatching(/./), start: { line: 2, column: 11 }, end: { line: 2, column: 12 } },
    ])
  })

  it('keeps projects apart', async () => {
    const { port, token, otherToken } = server
    await write(tuple('plan', 'owners', user('ann')))
    const asOther = (own: string) => grpcClient(port, { token: own, authority: 'other.projects.localhost:4000' })
    const [other, stranger, lost] = [asOther(otherToken), asOther(token), grpcClient(port, { token: otherToken })]
    const nowhere = grpcClient(port, { token, authority: 'nobody.projects.localhost' })
    expect(await other.call(list, { relationQuery: {} })).toMatchObject({ code: status.OK, message: {} })
    for (const one of [stranger, lost])
      expect(await one.call(list, { relationQuery: {} })).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await nowhere.call(list, { relationQuery: {} })).toMatchObject({ code: status.NOT_FOUND })
    for (const one of [other, stranger, lost, nowhere]) one.close()
  })
})

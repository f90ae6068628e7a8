import {
  Configuration,
  PermissionApi,
  type Relationship,
  RelationshipApi,
  RelationshipPatchActionEnum,
  ResponseError,
} from '@ory/client-fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newObject, type PermissionTarget, permissionTargets } from './permission_target.ts'

describe.each(permissionTargets)('@ory/client-fetch, permissions %s', (_, start) => {
  let server: PermissionTarget
  let permissions: PermissionApi
  let read: RelationshipApi
  let write: RelationshipApi
  let syntax: RelationshipApi

  beforeAll(async () => {
    server = await start()
    const at = (basePath: string) => new Configuration({ basePath, headers: server.headers })
    permissions = new PermissionApi(at(server.read))
    read = new RelationshipApi(at(server.read))
    write = new RelationshipApi(at(server.write))
    syntax = new RelationshipApi(at(server.syntax))
  })
  afterAll(() => server?.stop())

  const insert = (...tuples: Relationship[]) =>
    write.patchRelationships({
      relationshipPatch: tuples.map((tuple) => ({
        action: RelationshipPatchActionEnum.Insert,
        relation_tuple: tuple,
      })),
    })

  /** A document in a folder whose viewers are the members of a group that contains Ada. */
  async function shared() {
    const [document, folder, group] = [newObject(), newObject(), newObject()]
    await insert(
      { namespace: 'Document', object: document, relation: 'parents', subject_set: set('Folder', folder, '') },
      { namespace: 'Folder', object: folder, relation: 'viewers', subject_set: set('Group', group, 'members') },
      { namespace: 'Group', object: group, relation: 'members', subject_id: 'ada' },
    )
    return { document, folder, group }
  }

  it('creates, reads and deletes a relationship', async () => {
    const tuple = { namespace: 'Document', object: newObject(), relation: 'owners', subject_id: 'ada' }
    expect(await write.createRelationship({ createRelationshipBody: tuple })).toEqual(tuple)
    const ofSet = { ...tuple, subject_id: undefined, subject_set: set('Group', 'crew', 'members') }
    expect(await write.createRelationship({ createRelationshipBody: ofSet })).toMatchObject({
      subject_set: ofSet.subject_set,
    })
    const mine = { namespace: 'Document', object: tuple.object }
    expect((await read.getRelationships(mine)).relation_tuples).toHaveLength(2)
    const bySet = await read.getRelationships({
      ...mine,
      subjectSetNamespace: 'Group',
      subjectSetObject: 'crew',
      subjectSetRelation: 'members',
    })
    expect(bySet.relation_tuples).toEqual([expect.objectContaining({ subject_set: ofSet.subject_set })])
    await write.deleteRelationships({ ...mine, subjectId: 'ada' })
    expect((await read.getRelationships(mine)).relation_tuples).toEqual(bySet.relation_tuples)
  })

  it('paginates a list', async () => {
    const object = newObject()
    const people = Array.from({ length: 7 }, (_none, index) => `person-${index}`)
    await insert(...people.map((id) => ({ namespace: 'User', object, relation: 'knows', subject_id: id })))
    const found: (string | undefined)[] = []
    const sizes: number[] = []
    let pageToken: string | undefined
    do {
      const page = await read.getRelationships({
        namespace: 'User',
        object,
        pageSize: 3,
        ...(pageToken ? { pageToken } : {}),
      })
      sizes.push(page.relation_tuples?.length ?? 0)
      found.push(...(page.relation_tuples ?? []).map(({ subject_id }) => subject_id))
      pageToken = page.next_page_token
    } while (pageToken)
    expect(sizes).toEqual([3, 3, 1])
    expect(found.sort()).toEqual(people)
  })

  it('checks with all four operations', async () => {
    const { document: object } = await shared()
    const asked = { namespace: 'Document', object, relation: 'view' }
    for (const [person, allowed] of [
      ['ada', true],
      ['bob', false],
    ] as const) {
      const body = { ...asked, subject_id: person }
      expect(await permissions.checkPermission({ ...asked, subjectId: person })).toEqual({ allowed })
      expect(await permissions.postCheckPermission({ postCheckPermissionBody: body })).toEqual({ allowed })
    }
    const body = { ...asked, subject_id: 'ada' }
    expect(await permissions.checkPermissionOrError({ ...asked, subjectId: 'ada' })).toEqual({ allowed: true })
    expect(await permissions.postCheckPermissionOrError({ postCheckPermissionOrErrorBody: body })).toEqual({
      allowed: true,
    })
    const denied = { status: 403, body: { allowed: false } }
    expect(await refusal(permissions.checkPermissionOrError({ ...asked, subjectId: 'bob' }))).toEqual(denied)
    const deniedBody = { ...asked, subject_id: 'bob' }
    expect(
      await refusal(permissions.postCheckPermissionOrError({ postCheckPermissionOrErrorBody: deniedBody })),
    ).toEqual(denied)
    expect(await permissions.checkPermission({ ...asked, subjectId: 'ada', maxDepth: 1 })).toEqual({ allowed: false })
  })

  it('checks a subject set', async () => {
    const { document: object, group } = await shared()
    const ofSet = { subjectSetNamespace: 'Group', subjectSetObject: group, subjectSetRelation: 'members' }
    const asked = { namespace: 'Document', object, relation: 'view', ...ofSet }
    expect(await permissions.checkPermission(asked)).toEqual({ allowed: true })
  })

  it('checks a batch', async () => {
    const { document: object } = await shared()
    const asked = { namespace: 'Document', object, relation: 'view' }
    const { results } = await permissions.batchCheckPermission({
      batchCheckPermissionBody: {
        tuples: [
          { ...asked, subject_id: 'ada' },
          { ...asked, subject_id: 'bob' },
          { ...asked, namespace: 'Nowhere', subject_id: 'ada' },
        ],
      },
    })
    expect(results).toEqual([
      { allowed: true },
      { allowed: false },
      { allowed: false, error: expect.stringMatching(/./) },
    ])
  })

  it('expands a set to a tree', async () => {
    const { folder, group } = await shared()
    const tree = await permissions.expandPermissions({
      namespace: 'Folder',
      object: folder,
      relation: 'viewers',
      maxDepth: 3,
    })
    expect(tree).toMatchObject({
      type: 'union',
      tuple: { subject_set: set('Folder', folder, 'viewers') },
      children: [
        {
          type: 'union',
          tuple: { subject_set: set('Group', group, 'members') },
          children: [{ type: 'leaf', tuple: { subject_id: 'ada' } }],
        },
      ],
    })
  })

  it('patches atomically', async () => {
    const tuple = { namespace: 'User', object: newObject(), relation: 'knows', subject_id: 'ada' }
    const { Insert, Delete } = RelationshipPatchActionEnum
    await insert(tuple)
    const refused = write.patchRelationships({
      relationshipPatch: [
        { action: Delete, relation_tuple: tuple },
        { action: Insert, relation_tuple: { ...tuple, namespace: 'Nowhere' } },
      ],
    })
    expect((await refusal(refused)).status).toBe(404)
    expect((await read.getRelationships({ namespace: 'User', object: tuple.object })).relation_tuples).toEqual([tuple])
    const next = { ...tuple, subject_id: 'bob' }
    await write.patchRelationships({
      relationshipPatch: [
        { action: Delete, relation_tuple: tuple },
        { action: Insert, relation_tuple: next },
      ],
    })
    expect((await read.getRelationships({ namespace: 'User', object: tuple.object })).relation_tuples).toEqual([next])
  })

  it('lists namespaces and checks OPL syntax', async () => {
    const { namespaces } = await read.listRelationshipNamespaces()
    expect(namespaces?.map(({ name }) => name)).toEqual(expect.arrayContaining(['User', 'Document']))
    expect(await syntax.checkOplSyntax({ body: 'class User implements Namespace {}' })).toEqual({})
    const { errors } = await syntax.checkOplSyntax({ body: 'class User implements {}' })
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/./), start: { Line: 1, column: expect.any(Number) } },
    ])
  })

  it('receives the reason of a rejection', async () => {
    const lacking = { namespace: 'User', object: 'x', relation: 'knows' }
    const { status, body } = await refusal(write.createRelationship({ createRelationshipBody: lacking }))
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 400, message: expect.stringMatching(/subject/) } })
    expect((await refusal(read.getRelationships({ namespace: 'Nowhere' }))).status).toBe(404)
    expect((await refusal(read.getRelationships({ pageToken: 'made-up' }))).status).toBe(400)
  })
})

function set(namespace: string, object: string, relation: string) {
  return { namespace, object, relation }
}

async function refusal(promise: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  )
  if (!(error instanceof ResponseError)) throw new Error(`expected a refusal, got ${error}`)
  return { status: error.response.status, body: await error.response.json() }
}

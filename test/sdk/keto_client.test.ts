import { Configuration, PermissionApi, RelationshipApi } from '@ory/keto-client'
import axios from 'axios'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newObject, type PermissionTarget, permissionTargets } from './permission_target.ts'

describe.each(permissionTargets)('@ory/keto-client %s', (_, start) => {
  let server: PermissionTarget
  let permissions: PermissionApi
  let read: RelationshipApi
  let write: RelationshipApi
  let syntax: RelationshipApi

  beforeAll(async () => {
    server = await start()
    const at = (basePath: string) => new Configuration({ basePath, baseOptions: { headers: server.headers } })
    permissions = new PermissionApi(at(server.read))
    read = new RelationshipApi(at(server.read))
    write = new RelationshipApi(at(server.write))
    syntax = new RelationshipApi(at(server.syntax))
  })
  afterAll(() => server?.stop())

  it('creates, lists page by page, patches and deletes', async () => {
    const object = newObject()
    const tuple = (subject: string) => ({ namespace: 'Document', object, relation: 'viewers', subject_id: subject })
    const made = await write.createRelationship({ createRelationshipBody: tuple('ada') })
    expect([made.status, made.data]).toEqual([201, tuple('ada')])
    expect(made.headers.location).toContain(`object=${object}`)
    const patched = await write.patchRelationships({
      relationshipPatch: ['bob', 'cyd'].map((name) => ({ action: 'insert', relation_tuple: tuple(name) })),
    })
    expect(patched.status).toBe(204)
    const found: unknown[] = []
    let pageToken: string | undefined
    do {
      const { data } = await read.getRelationships({ namespace: 'Document', object, pageSize: 2, pageToken })
      found.push(...(data.relation_tuples ?? []))
      pageToken = data.next_page_token
    } while (pageToken)
    expect(found).toEqual(['ada', 'bob', 'cyd'].map(tuple))
    await write.deleteRelationships({ namespace: 'Document', object, relation: 'viewers', subjectId: 'bob' })
    await write.patchRelationships({ relationshipPatch: [{ action: 'delete', relation_tuple: tuple('cyd') }] })
    expect((await read.getRelationships({ namespace: 'Document', object })).data.relation_tuples).toEqual([
      tuple('ada'),
    ])
  })

  it('checks single permissions and batches', async () => {
    const object = newObject()
    const asked = { namespace: 'Document', object, relation: 'edit' }
    await write.createRelationship({
      createRelationshipBody: { ...asked, relation: 'owners', subject_set: set('Group', object, 'members') },
    })
    await write.createRelationship({
      createRelationshipBody: { namespace: 'Group', object, relation: 'members', subject_id: 'ada' },
    })
    const ada = { ...asked, subject_id: 'ada' }
    const bob = { ...asked, subject_id: 'bob' }
    expect((await permissions.checkPermission({ ...asked, subjectId: 'ada' })).data).toEqual({ allowed: true })
    expect((await permissions.postCheckPermission({ postCheckPermissionBody: bob })).data).toEqual({ allowed: false })
    expect((await permissions.checkPermissionOrError({ ...asked, subjectId: 'ada' })).status).toBe(200)
    const denied = { status: 403, body: { allowed: false } }
    expect(await refusal(permissions.checkPermissionOrError({ ...asked, subjectId: 'bob' }))).toEqual(denied)
    expect(
      await refusal(permissions.postCheckPermissionOrError({ postCheckPermissionOrErrorBody: bob, maxDepth: 3 })),
    ).toEqual(denied)
    const batch = await permissions.batchCheckPermission({ batchCheckPermissionBody: { tuples: [bob, ada] } })
    expect(batch.data.results).toEqual([{ allowed: false }, { allowed: true }])
    const tree = await permissions.expandPermissions({ ...asked, relation: 'owners' })
    expect(tree.data.children?.[0]?.children?.[0]?.tuple?.subject_id).toBe('ada')
  })

  it('lists namespaces and checks OPL syntax', async () => {
    const { namespaces } = (await read.listRelationshipNamespaces()).data
    expect(namespaces).toContainEqual({ name: 'Vault' })
    expect((await syntax.checkOplSyntax({ body: 'class User implements Namespace {}' })).data).toEqual({})
    expect((await syntax.checkOplSyntax({ body: 'class {' })).data.errors).toHaveLength(1)
  })
})

function set(namespace: string, object: string, relation: string) {
  return { namespace, object, relation }
}

async function refusal(promise: Promise<unknown>): Promise<{ status: number | undefined; body: unknown }> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  )
  if (!axios.isAxiosError(error)) throw new Error(`expected a refusal, got ${error}`)
  return { status: error.response?.status, body: error.response?.data }
}

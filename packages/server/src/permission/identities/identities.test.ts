import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { grpcClient, keto, openGrpcApp } from '../../../test/grpc.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import { subscribers } from '../../event/index.ts'
import { identityRoutes } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { beginning, readPage } from '../changes/read.ts'
import { currentRevision } from '../changes/store.ts'
import type { PermissionConfig } from '../config.ts'
import { permissionRoutes } from '../routes.ts'
import { changeTuples } from '../tuples/change.ts'
import { listTuples } from '../tuples/store.ts'
import { type RelationTuple, tupleOf } from '../tuples/subject.ts'
import { forgetIdentity } from './forget.ts'

type Settings = PermissionConfig['identities']

const off: Settings = { required: false, delete_relationships: false, namespaces: [] }
const nobody = '0190a1b2-0000-7000-8000-000000000000'
const path = '/admin/relation-tuples'
const set = (namespace: string, object: string, relation: string) => ({ namespace, object, relation })
const plan = (subject: string) => ({ ...set('Document', 'plan', 'viewers'), subject_id: subject })

function configure({ ctx }: { ctx: Context }, change: Partial<Settings>) {
  const permission = { ...ctx.config.permission, identities: { ...off, ...change } }
  Object.assign(ctx, { config: { ...ctx.config, permission } })
}

describe.each(dsns)('relationships and identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let one: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...permissionRoutes])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    one = withModel(await app.project())
  })

  let people = 0
  async function person({ call } = one): Promise<string> {
    const json = { schema_id: 'person', traits: { email: `p${++people}@harbour.example` } }
    const { status, body } = await call('POST', '/admin/identities', { json })
    expect(status).toBe(201)
    return body.id
  }
  const put = (json: object) => one.call('PUT', path, { json })
  const patch = (action: string, ...tuples: object[]) =>
    one.call('PATCH', path, { json: tuples.map((tuple) => ({ action, relation_tuple: tuple })) })
  const remove = (id: string, { call } = one) => call('DELETE', `/admin/identities/${id}`)
  /** Resolves when somebody waits for a lock; on SQLite whoever writes waits in a queue, unseen. */
  const waiting = async () => {
    if (dsn === 'memory') return
    const question = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await expect
      .poll(async () => (await app.database.unscoped.executeQuery(CompiledQuery.raw(question))).rows)
      .toHaveLength(1)
  }

  describe('that are deleted together', () => {
    /** Everything that a setting may reach, around two people. */
    async function around(ada: string, ben: string): Promise<RelationTuple[]> {
      const tuples = [
        plan(ada),
        { ...set('User', ada, 'manager'), subject_id: ben },
        { ...set('Document', 'plan', 'viewers'), subject_set: set('User', ada, 'manager') },
        { ...set('Document', 'plan', 'viewers'), subject_set: set('User', ada, '') },
        { ...set('Group', ada, 'members'), subject_id: ben },
        { ...set('Document', 'plan', 'viewers'), subject_set: set('Group', ada, 'members') },
        plan(ben),
      ]
      expect((await patch('insert', ...tuples)).status).toBe(204)
      return tuples
    }

    it('stay where nobody asked for that', async () => {
      const ada = await person()
      await around(ada, await person())
      expect((await remove(ada)).status).toBe(204)
      expect(await stored(one)).toHaveLength(7)
    })

    it('go where the identity is the subject, and with it alone', async () => {
      configure(one, { delete_relationships: true })
      const ada = await person()
      const [own, ...others] = await around(ada, await person())
      const other = withModel(await app.project())
      await other.call('PUT', path, { json: own })
      expect((await remove(ada)).status).toBe(204)
      expect(await stored(one)).toEqual(expect.arrayContaining(others))
      expect(await stored(one)).toHaveLength(6)
      expect(await stored(other)).toEqual([own])
    })

    it('go where the object stands for the identity, in namespaces that say so', async () => {
      configure(one, { delete_relationships: true, namespaces: ['User'] })
      const ada = await person()
      const tuples = await around(ada, await person())
      const before = await currentRevision(one.ctx)
      expect((await remove(ada)).status).toBe(204)
      expect(await stored(one)).toEqual(expect.arrayContaining(tuples.slice(4)))
      expect(await stored(one)).toHaveLength(3)
      const { changes } = await readPage(one.ctx, await beginning(one.ctx), { size: 100 })
      const gone = changes.filter(({ action }) => action === 'delete').map(({ tuple }) => tupleOf(tuple))
      expect(gone).toHaveLength(4)
      expect(gone).toEqual(expect.arrayContaining(tuples.slice(0, 4)))
      expect(await currentRevision(one.ctx)).toBe(before + 1)
    })

    it('go in thousands, as one change', async () => {
      configure(one, { delete_relationships: true })
      const ada = await person()
      await patch('insert', ...Array.from({ length: 2500 }, (_, i) => ({ ...plan(ada), object: `d${i}` })))
      expect((await remove(ada)).status).toBe(204)
      expect(await stored(one)).toEqual([])
      expect(await currentRevision(one.ctx)).toBe(2)
    })

    it('stay with an identity that could not be deleted', async () => {
      configure(one, { delete_relationships: true })
      await put(plan(nobody))
      expect((await remove(nobody)).status).toBe(404)
      expect(await stored(one)).toEqual([plan(nobody)])
      const failing = await openTestApp('memory', identityRoutes, {
        subscribers: subscribers({ IdentityDeleted: [() => Promise.reject(new Error('no'))] }),
      })
      const project = await failing.project()
      const id = await person(project)
      expect((await remove(id, project)).status).toBe(500)
      expect((await project.call('GET', `/admin/identities/${id}`)).status).toBe(200)
      await failing.close()
    })
  })

  describe('of which the first needs the second', () => {
    beforeEach(() => configure(one, { required: true, delete_relationships: true }))

    it('are written for identities of the project, and for sets', async () => {
      const ada = await person()
      expect((await put(plan(ada))).status).toBe(201)
      const ofSet = { ...set('Document', 'plan', 'viewers'), subject_set: set('Group', 'crew', 'members') }
      expect((await patch('insert', ofSet, plan(await person()), plan(ada))).status).toBe(204)
      expect(await stored(one)).toHaveLength(4)
    })

    it('are refused for anybody else, the first of them by name, and nothing is written', async () => {
      const ada = await person()
      const stranger = await person(withModel(await app.project()))
      for (const subject of [nobody, stranger, ada.toUpperCase(), 'ada', '']) {
        const { status, body } = await put(plan(subject))
        const message = `The subject_id "${subject}" is not an identity.`
        expect([status, body.error.code, body.error.message]).toEqual([400, 400, message])
      }
      const refused = await patch('insert', plan(ada), plan('zoe'), plan('ben'))
      expect([refused.status, refused.body.error.message]).toEqual([400, 'The subject_id "zoe" is not an identity.'])
      expect(await stored(one)).toEqual([])
      expect(await currentRevision(one.ctx)).toBe(0)
    })

    it('can be deleted for anybody', async () => {
      configure(one, {})
      await put(plan('zoe'))
      configure(one, { required: true })
      expect((await patch('delete', plan('zoe'))).status).toBe(204)
      expect(await stored(one)).toEqual([])
    })

    it('are gone when the identity goes while they are being written', async () => {
      const ada = await person()
      const { ctx } = one
      const { removing } = await ctx.transaction(async (tx) => {
        await changeTuples(tx, [{ action: 'insert', tuple: plan(ada) }])
        const removing = remove(ada)
        await waiting()
        return { removing }
      })
      expect((await removing).status).toBe(204)
      expect(await stored(one)).toEqual([])
    })

    it('are refused when the identity went before they were written', async () => {
      const ada = await person()
      const { ctx } = one
      const { writing } = await ctx.transaction(async (tx) => {
        await tx.db.deleteFrom('identities').where('id', '=', ada).execute()
        await forgetIdentity(tx, ada)
        const writing = put(plan(ada))
        await waiting()
        return { writing }
      })
      expect((await writing).status).toBe(400)
      expect(await stored(one)).toEqual([])
    })

    it('never outlive an identity, however many write and delete at once', async () => {
      const ids = await Promise.all(Array.from({ length: 12 }, () => person()))
      const work = ids.flatMap((id, i) => [
        ...[0, 1, 2].map((object) => () => put({ ...plan(id), object: `d${object}` })),
        () => patch('insert', ...ids.slice(i).map(plan)),
        // Once the first is written the others race with the deletion.
        () => put({ ...plan(id), object: 'first' }).then(() => remove(id)),
        () => put({ ...plan(id), object: 'late' }),
      ])
      const answers = await Promise.all(work.map((one) => one()))
      expect(answers.filter(({ status }) => ![201, 204, 400].includes(status))).toEqual([])
      expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0)
      expect(await stored(one)).toEqual([])
      expect((await put(plan(ids[0] ?? ''))).status).toBe(400)
    })
  })
})

describe('a whole server', () => {
  let server: Awaited<ReturnType<typeof openGrpcApp>>
  beforeAll(async () => {
    server = await openGrpcApp('memory')
  })
  afterAll(() => server.close())

  it('deletes relationships with their identity', async () => {
    configure(server.app, { delete_relationships: true })
    const authorization = `Bearer ${server.token}`
    const json = { schema_id: 'person', traits: { email: 'ada@harbour.example' } }
    const { id } = (await server.call('POST', '/admin/identities', { json, headers: { authorization } })).body
    const tuple = { ...set('File', 'plan', 'viewers'), subject_id: id }
    expect((await server.call('PUT', path, { json: tuple, headers: { authorization } })).status).toBe(201)
    const url = `/admin/identities/${id}`
    await server.app.listeners[0]?.http.inject({ method: 'DELETE', url, headers: { authorization } })
    expect(await stored(server.app)).toEqual([])
  })

  it('asks for an identity over gRPC as well', async () => {
    configure(server.app, { required: true })
    const client = grpcClient(server.port, { token: server.token })
    const relationTuple = { namespace: 'File', object: 'plan', relation: 'viewers', subject: { id: 'ada' } }
    const refused = await client.call(`${keto}.WriteService/TransactRelationTuples`, {
      relationTupleDeltas: [{ action: 'ACTION_INSERT', relationTuple }],
    })
    expect(refused).toMatchObject({ code: 3, details: 'The subject_id "ada" is not an identity.' })
    client.close()
  })
})

async function stored({ ctx }: { ctx: Context }): Promise<RelationTuple[]> {
  return (await listTuples(ctx, {}, { size: 1000 })).map(tupleOf)
}

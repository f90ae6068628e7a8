import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import type { PermissionConfig } from '../config.ts'
import { permissionRoutes } from '../routes.ts'
import { changeTuples } from '../tuples/change.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; banned: User[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    read: (ctx) => this.permits.view(ctx) && !this.related.banned.includes(ctx.subject),
    join: (ctx) => !this.related.viewers.includes(ctx.subject),
  }
}`

const objects = '/permissions/objects'
const subjects = '/permissions/subjects'
const group = (object: string) => ({ subject_set: { namespace: 'Group', object, relation: 'members' } })
const ann = { namespace: 'Folder', relation: 'view', subject_id: 'ann' }
const plans = { namespace: 'Folder', object: 'plans', relation: 'view' }

/** In an order of letters, and in one of 16-bit units, these would stand otherwise. */
const mixed = ['', 'B', 'Z', 'a', 'ab', 'é', '\u{fffd}', '\u{1f984}']

const languages = dsns.flatMap(([name, dsn]) => [
  [name, dsn, undefined] as const,
  // A database that sorts as people do.
  ...(dsn === 'memory' ? [] : [[`${name} in English`, dsn, 'en-US'] as const]),
])

describe.each(languages)('lists of permissions on %s', (_, dsn, language) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, permissionRoutes, { language })
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await opened()
  })

  async function opened(limit: Partial<PermissionConfig['limit']> = {}): Promise<TestProject> {
    return withModel(await app.project(), model, { limit })
  }

  const load = (...texts: string[]) =>
    changeTuples(
      project.ctx,
      texts.map((text) => ({ action: 'insert', tuple: tupleOf(text) })),
    )
  const ask = (path: string, json: unknown, query = '') => project.call('POST', `${path}?${query}`, { json })

  async function all(path: string, json: object, size: number): Promise<unknown[]> {
    const found: unknown[] = []
    for (let token = ''; ; ) {
      const { status, body } = await ask(path, json, `page_size=${size}&page_token=${token}`)
      expect(status).toBe(200)
      found.push(...(body.objects ?? body.subjects))
      token = body.next_page_token
      if (token === '') return found
    }
  }

  it('go through groups, folders and exceptions', async () => {
    project = await opened({ max_read_depth: 10 })
    await load('Folder:plans#viewers@(Group:crew#members)', 'Group:crew#members@(Group:deck#members)')
    await load('Group:deck#members@ann', 'Group:crew#members@ben', 'Folder:old#parents@(Folder:plans#)')
    await load('Folder:mine#viewers@ann', 'Folder:mine#banned@ann', 'Folder:mine#viewers@ann')
    const listed = async (path: string, body: object) => (await ask(path, body)).body
    expect(await listed(objects, ann)).toEqual({ objects: ['mine', 'old', 'plans'], next_page_token: '' })
    expect(await listed(objects, { ...ann, relation: 'read' })).toMatchObject({ objects: ['old', 'plans'] })
    expect(await listed(objects, { ...ann, relation: 'join' })).toMatchObject({ objects: ['old'] })
    const deck = { namespace: 'Folder', relation: 'view', ...group('deck') }
    expect(await listed(objects, deck)).toMatchObject({ objects: ['old', 'plans'] })
    const ids = [{ subject_id: 'ann' }, { subject_id: 'ben' }]
    expect(await listed(subjects, { ...plans, object: 'old' })).toEqual({ subjects: ids, next_page_token: '' })
    const sets = { ...plans, subject_namespace: 'Group', subject_relation: 'members' }
    expect(await listed(subjects, sets)).toMatchObject({ subjects: [group('crew'), group('deck')] })
    expect(await listed(subjects, { ...plans, subject_namespace: 'Folder' })).toMatchObject({ subjects: [] })
    expect(await listed(subjects, { ...plans, object: 'mine', relation: 'join' })).toMatchObject({
      subjects: [{ subject_id: 'ben' }],
    })
  })

  it.each(['view', 'join'])(
    'have each name once in the order of its bytes, on pages of any size, of %s',
    async (name) => {
      const [by, other] = name === 'view' ? ['ann', 'ben'] : ['ben', 'ann']
      await load(...mixed.toReversed().flatMap((one) => Array(2).fill(`Folder:${one}#viewers@${by}`)))
      await load('Group:none#members@ann', `Folder:z#viewers@${other}`)
      for (const size of [1, 2, 3, 100]) {
        expect(await all(objects, { ...ann, relation: name }, size)).toEqual(mixed)
      }
    },
  )

  it.each(['view', 'join'])('of subjects do so too, of %s', async (relation) => {
    await load(...mixed.map((one) => `Folder:${relation === 'view' ? 'plans' : 'old'}#viewers@${one}`))
    await load(...mixed.map((one) => `Group:none#members@(Folder:${one}#view)`))
    await load(...mixed.map((one) => `Folder:plans#viewers@(Folder:${one}#view)`))
    const ids = mixed.map((subject) => ({ subject_id: subject }))
    for (const size of [1, 3, 100]) expect(await all(subjects, { ...plans, relation }, size)).toEqual(ids)
    const sets = mixed.map((object) => ({ subject_set: { namespace: 'Folder', object, relation: 'view' } }))
    const asked = { ...plans, subject_namespace: 'Folder', subject_relation: 'view' }
    for (const size of [1, 3, 100]) expect(await all(subjects, asked, size)).toEqual(sets)
  })

  it('keep the depth and the width of checks', async () => {
    project = await opened({ max_read_width: 1 })
    await load('Folder:f#viewers@(Group:a#members)', 'Group:a#members@(Group:b#members)', 'Group:b#members@ann')
    await load('Folder:w#viewers@(Folder:f#view)', 'Folder:w#viewers@(Folder:g#view)', 'Folder:g#viewers@ben')
    const bodies = async (asked: object) => (await ask(objects, asked)).body.objects
    expect(await bodies({ ...ann, max_depth: 1 })).toEqual([])
    expect(await bodies(ann)).toEqual(['f'])
    expect(await bodies({ ...ann, subject_id: 'ben' })).toEqual(['g'])
  })

  it('leave out what leads to a relation that is not declared', async () => {
    await load('Folder:f#viewers@(Group:a#leaders)', 'Group:a#members@ben', 'Folder:g#viewers@ann')
    const join = { namespace: 'Folder', relation: 'join', subject_id: 'ben' }
    const checked = await ask('/relation-tuples/check/openapi', { ...join, object: 'f' })
    expect(checked.status).toBe(400)
    expect((await ask(objects, join)).body).toEqual({ objects: ['g'], next_page_token: '' })
    const ofF = { namespace: 'Folder', object: 'f', relation: 'join' }
    expect((await ask(subjects, ofF)).body).toEqual({ subjects: [], next_page_token: '' })
  })

  it('keep projects apart', async () => {
    await load('Folder:a#viewers@ann', 'Folder:b#viewers@ann')
    const first = await ask(objects, ann, 'page_size=1')
    const other = await opened()
    expect((await other.call('POST', objects, { json: ann })).body.objects).toEqual([])
    const path = `${objects}?page_token=${first.body.next_page_token}`
    expect((await other.call('POST', path, { json: ann })).status).toBe(400)
    expect((await project.call('POST', path, { json: ann })).body.objects).toEqual(['b'])
  })

  it('refuse a token that was made up, or made for another list', async () => {
    await load('Folder:a#viewers@ann', 'Folder:b#viewers@ann')
    const { next_page_token: token } = (await ask(objects, ann, 'page_size=1')).body
    const tuples = (await project.call('GET', '/relation-tuples?page_size=1')).body.next_page_token
    for (const wrong of ['x', 'a.b', `${token}x`, tuples]) {
      expect([wrong, (await ask(objects, ann, `page_token=${wrong}`)).status]).toEqual([wrong, 400])
    }
    expect((await ask(subjects, plans, `page_token=${token}`)).status).toBe(400)
  })

  const set = { namespace: 'Group', object: 'g', relation: 'members' }
  const { subject_id: _id, ...nobody } = ann
  it.each([
    [404, objects, { ...ann, namespace: 'Ship' }],
    [404, objects, { ...nobody, subject_set: { ...set, namespace: 'Ship' } }],
    [404, subjects, { ...plans, namespace: 'Ship' }],
    [404, subjects, { ...plans, subject_namespace: 'Ship' }],
    [404, subjects, { ...plans, subject_namespace: '' }],
    [400, objects, { ...ann, relation: 'sail' }],
    [400, subjects, { ...plans, relation: 'sail' }],
    [400, objects, nobody],
    [400, objects, { ...ann, subject_set: set }],
    [400, objects, { ...nobody, subject_set: { ...set, relation: undefined } }],
    [400, objects, { ...nobody, subject_set: { ...set, more: 'x' } }],
    [400, objects, { ...ann, more: 'x' }],
    [400, objects, { ...ann, namespace: undefined }],
    [400, objects, { ...ann, relation: null }],
    [400, objects, { ...ann, subject_id: 7 }],
    [400, objects, { ...ann, subject_id: 'x'.repeat(3000) }],
    [400, objects, { ...ann, subject_id: 'a\0b' }],
    [400, objects, { ...ann, max_depth: 0 }],
    [400, objects, { ...ann, max_depth: 1.5 }],
    [400, objects, { ...ann, max_depth: '1' }],
    [400, objects, []],
    [400, objects, null],
    [400, subjects, { ...plans, object: undefined }],
    [400, subjects, { ...plans, subject_relation: 'members' }],
    [400, subjects, { ...plans, subject_id: 'ann' }],
    [400, subjects, { ...plans, object: 'a\0b' }],
  ])('refuse with %i at %s the body %j', async (status, path, body) => {
    const answer = await ask(path, body)
    expect([answer.status, answer.body.error.code]).toEqual([status, status])
  })

  it.each(['page_size=x', 'page_size=1.5', 'page_token=x'])('refuse the parameter %s', async (query) => {
    expect((await ask(objects, ann, query)).status).toBe(400)
    expect((await ask(subjects, plans, query)).status).toBe(400)
  })

  it('take JSON by its name alone', async () => {
    const text = JSON.stringify(ann)
    const headers = { 'content-type': 'text/plain' }
    expect((await project.call('POST', objects, { text, headers })).status).toBe(400)
    expect((await project.call('POST', objects, { text: '{', headers: {} })).status).toBe(400)
  })
})

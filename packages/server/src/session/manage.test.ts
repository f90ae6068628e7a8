import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { hourMs as hour, openSessions } from '../../test/stored-sessions.ts'

describe.each(dsns)('managing many sessions on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  beforeAll(async () => {
    app = await openSessions(dsn)
  })
  afterAll(() => app.close())

  /** A project with two people who have two sessions each. */
  async function staffed() {
    const project = await app.project()
    const people = [await app.person(project), await app.person(project)] as const
    const sessions: string[] = []
    for (const id of [...people, ...people])
      sessions.push((await app.session(project, id, { expiresAt: app.clock.now() + hour })).id)
    return { project, people, sessions: sessions as [string, string, string, string] }
  }

  const manage = (project: TestProject, json: object) => project.call('POST', '/admin/sessions', { json })
  const remaining = async (project: TestProject, query = '') =>
    (await project.call('GET', `/admin/sessions${query}`)).body.length
  const events = (project: TestProject) =>
    project.ctx.db.selectFrom('events').select('name').where('name', '=', 'SessionRevoked').execute()

  test('revokes the active sessions of identities, and counts only these', async () => {
    const { project, people } = await staffed()
    const asked = { action: 'disable', identities: [people[0]] }
    expect((await manage(project, asked)).body).toEqual({ processed: 2, more: false })
    expect((await manage(project, asked)).body).toEqual({ processed: 0, more: false })
    expect([await remaining(project, '?active=true'), await remaining(project)]).toEqual([2, 4])
    expect(await events(project)).toHaveLength(2)
  })

  test('deletes sessions, revoked or not', async () => {
    const { project, sessions } = await staffed()
    await manage(project, { action: 'disable', sessions: [sessions[0]] })
    const asked = { action: 'delete', sessions: [sessions[0], sessions[1].toUpperCase()] }
    expect((await manage(project, asked)).body).toEqual({ processed: 2, more: false })
    expect((await manage(project, asked)).body).toEqual({ processed: 0, more: false })
    expect([await remaining(project), (await events(project)).length]).toEqual([2, 2])
  })

  test('manages all sessions of this project alone, 500 at a time', async () => {
    const { project, people } = await staffed()
    const other = await staffed()
    for (let i = 0; i < 500; i++) await app.session(project, people[0], { expiresAt: app.clock.now() + hour })
    const all = (action: string) => ({ action, identities: ['*'] })
    expect((await manage(project, all('disable'))).body).toEqual({ processed: 500, more: true })
    expect((await manage(project, all('disable'))).body).toEqual({ processed: 4, more: false })
    expect((await manage(project, { action: 'delete', identities: people })).body).toEqual({
      processed: 504,
      more: false,
    })
    expect((await manage(project, all('delete'))).body).toEqual({ processed: 0, more: false })
    expect(await remaining(other.project, '?active=true')).toBe(4)
  })

  test('ends nothing of another project by its IDs', async () => {
    const [{ project }, other] = [await staffed(), await staffed()]
    for (const action of ['disable', 'delete']) {
      expect((await manage(project, { action, sessions: other.sessions })).body.processed).toBe(0)
      expect((await manage(project, { action, identities: other.people })).body.processed).toBe(0)
    }
    expect(await remaining(other.project, '?active=true')).toBe(4)
  })

  test('counts each session once, however many ask at once', async () => {
    const { project, people } = await staffed()
    const asked = { action: 'disable', identities: people }
    const answers = await Promise.all(Array.from({ length: 10 }, () => manage(project, asked)))
    expect(answers.reduce((sum, { body }) => sum + body.processed, 0)).toBe(4)
    expect(await events(project)).toHaveLength(4)
  })

  const id = '5d0f1a9e-64a3-4a1c-9a7c-2f1f6c1c0f11'
  test.each([
    ['no action', { identities: ['*'] }],
    ['an unknown action', { action: 'forget', identities: ['*'] }],
    ['neither list', { action: 'disable' }],
    ['empty lists', { action: 'disable', identities: [], sessions: [] }],
    ['both lists', { action: 'delete', identities: [id], sessions: [id] }],
    ['all sessions by *', { action: 'delete', sessions: ['*'] }],
    ['* among IDs', { action: 'delete', identities: ['*', id] }],
    ['what is no ID', { action: 'delete', sessions: [id, "' or 1=1 --"] }],
    ['more than 500 IDs', { action: 'delete', identities: Array(501).fill(id) }],
    ['a text instead of a list', { action: 'delete', identities: '*' }],
    ['numbers', { action: 'delete', identities: [1] }],
  ])('refuses %s, and changes nothing', async (_what, json) => {
    const { project } = await staffed()
    const { status, body } = await manage(project, json)
    expect([status, body.error.code]).toEqual([400, 400])
    expect(await remaining(project, '?active=true')).toBe(4)
  })

  test('needs the token of the project', async () => {
    const { project } = await staffed()
    const json = { action: 'delete', identities: ['*'] }
    for (const token of [null, 'ory_pat_wrong', (await app.project()).token])
      expect((await project.call('POST', '/admin/sessions', { json, token })).status).toBe(401)
    expect(await remaining(project)).toBe(4)
  })
})

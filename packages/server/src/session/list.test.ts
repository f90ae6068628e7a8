import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { hourMs, openSessions } from '../../test/stored-sessions.ts'
import { listSessions } from './list.ts'
import { listMySessions, listSessionsOf, otherSessions } from './list-of-identity.ts'
import type { Session } from './record.ts'

describe.each(dsns)('lists of sessions on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let project: TestProject
  let ada: string
  /** Ada's from the oldest to the newest; the second is revoked, the third has expired. */
  let sessions: Session[]
  let foreign: Session
  beforeAll(async () => {
    app = await openSessions(dsn)
    project = await app.project()
    ada = await app.person(project)
    const now = app.clock.now()
    sessions = []
    for (const changes of [{}, { active: false }, { expiresAt: now }, { expiresAt: now + 1 }, {}])
      sessions.push(await app.session(project, ada, changes))
    foreign = await app.session(project, await app.person(project))
  })
  afterAll(() => app.close())

  const ids = (...indexes: number[]) => indexes.map((index) => sessions[index]?.id)
  const idsIn = (text: unknown) => (JSON.parse(String(text)) as { id: string }[]).map(({ id }) => id)
  const bare = { identity: false, devices: false }

  test('show active sessions, the others, or all of them, newest first', async () => {
    const listed = async (active?: boolean) => {
      const { sessions: text } = await listSessionsOf(project.ctx, { identityId: ada, active }, { size: 10, number: 1 })
      return idsIn(text)
    }
    expect(await listed()).toEqual(ids(4, 3, 2, 1, 0))
    expect(await listed(true)).toEqual(ids(4, 3, 0))
    expect(await listed(false)).toEqual(ids(2, 1))
  })

  test('say of each whether it is active', async () => {
    const { sessions: text } = await listSessions(
      project.ctx,
      { active: undefined, expand: bare },
      { size: 9, after: '' },
    )
    const states = (JSON.parse(String(text)) as { id: string; active: boolean }[]).map(({ id, active }) => [id, active])
    expect(new Map(states as [string, boolean][])).toEqual(
      new Map([[foreign.id, true], ...sessions.map(({ id }, i) => [id, i !== 1 && i !== 2] as const)]),
    )
  })

  test('of a project go from page to page by the last id, up to the end', async () => {
    const page = (after: string) => listSessions(project.ctx, { active: true, expand: bare }, { size: 2, after })
    const first = await page('')
    expect(idsIn(first.sessions)).toEqual([foreign.id, sessions[4]?.id])
    expect(first.next).toBe(sessions[4]?.id)
    const second = await page(first.next ?? '')
    expect(idsIn(second.sessions)).toEqual(ids(3, 0))
    expect(second.next).toBeUndefined()
  })

  test('have identities without their addresses, and devices, where they are asked for', async () => {
    const shown = async (expand: { identity: boolean; devices: boolean }) => {
      const { sessions: text } = await listSessions(project.ctx, { active: true, expand }, { size: 2, after: '' })
      return JSON.parse(String(text))[1]
    }
    expect(await shown(bare)).toMatchObject({ identity: null, devices: null })
    const { identity, devices } = await shown({ identity: true, devices: true })
    expect(identity).toMatchObject({ id: ada, schema_id: 'person' })
    expect(identity).not.toHaveProperty('verifiable_addresses')
    expect(identity).not.toHaveProperty('recovery_addresses')
    expect(devices).toEqual(sessions[4]?.devices)
  })

  test('of an identity are pages by number, of which 0 and 1 are the same, with the number of all', async () => {
    const page = async (number: number) => {
      const { sessions: text, total } = await listSessionsOf(project.ctx, { identityId: ada }, { size: 2, number })
      return [idsIn(text), total]
    }
    expect(await page(0)).toEqual([ids(4, 3), 5])
    expect(await page(1)).toEqual([ids(4, 3), 5])
    expect(await page(2)).toEqual([ids(2, 1), 5])
    expect(await page(3)).toEqual([ids(0), 5])
    expect(await page(4)).toEqual([[], 5])
  })

  test('of a person leave out the present session and what is over, and have pages from 0 on', async () => {
    const [, , , fourth, mine] = sessions
    if (!mine || !fourth) throw new Error('the sessions are gone')
    const page = async (number: number) => {
      const { sessions: text, total } = await listMySessions(project.ctx, mine, { size: 1, number })
      return [idsIn(text), total]
    }
    expect(await page(0)).toEqual([[fourth.id], 2])
    expect(await page(1)).toEqual([ids(0), 2])
    expect((await otherSessions(project.ctx, mine, 5)).map(({ id }) => id)).toEqual(ids(3, 0))
    expect((await otherSessions(project.ctx, mine, 1)).map(({ id }) => id)).toEqual(ids(3))
  })

  test('show nothing of another project', async () => {
    const { ctx } = await app.project()
    const { sessions: text } = await listSessions(ctx, { active: undefined, expand: bare }, { size: 9, after: '' })
    expect(idsIn(text)).toEqual([])
    expect((await listSessionsOf(ctx, { identityId: ada }, { size: 9, number: 0 })).total).toBe(0)
  })

  test('lose what expires meanwhile', async () => {
    app.clock.advance(hourMs)
    const { total } = await listSessionsOf(project.ctx, { identityId: ada, active: true }, { size: 9, number: 0 })
    expect(total).toBe(0)
    const over = await listSessionsOf(project.ctx, { identityId: ada, active: false }, { size: 9, number: 0 })
    expect(over.total).toBe(5)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { eventsOf, openSessions, storedSession } from '../../test/stored-sessions.ts'
import { deleteSessionsOf, revokeMySession, revokeOthers, revokeSession } from './revoke.ts'

describe.each(dsns)('revoking sessions on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let project: TestProject
  let ada: string
  let ben: string
  beforeAll(async () => {
    app = await openSessions(dsn)
  })
  beforeEach(async () => {
    project = await app.project()
    ada = await app.person(project)
    ben = await app.person(project)
  })
  afterAll(() => app.close())

  const isActive = async ({ id }: { id: string }) => (await storedSession(project.ctx, id))?.active
  const revoked = async () =>
    (await eventsOf(project.ctx)).filter(([name]) => name === 'SessionRevoked').map(([, one]) => one.SessionID)

  test('ends one session and records it once, however often it is asked for', async () => {
    const [one, other] = [await app.session(project, ada), await app.session(project, ada)]
    expect(await revokeSession(project.ctx, one.id)).toBe(true)
    expect(await revokeSession(project.ctx, one.id)).toBe(true)
    expect([await isActive(one), await isActive(other)]).toEqual([false, true])
    expect(await revoked()).toEqual([one.id])
  })

  test('finds nothing where there is no such session, or it is of another identity or project', async () => {
    const one = await app.session(project, ada)
    expect(await revokeSession(project.ctx, project.ctx.random.uuid())).toBe(false)
    expect(await revokeSession(project.ctx, one.id, ben)).toBe(false)
    expect(await revokeSession((await app.project()).ctx, one.id)).toBe(false)
    expect(await isActive(one)).toBe(true)
    expect(await revokeSession(project.ctx, one.id, ada)).toBe(true)
    expect(await isActive(one)).toBe(false)
  })

  test('ends all others of an identity, and counts those revoked before', async () => {
    const mine = await app.session(project, ada)
    const [first, second] = [await app.session(project, ada), await app.session(project, ada, { active: false })]
    const foreign = await app.session(project, ben)
    expect(await revokeOthers(project.ctx, ada, mine.id)).toBe(2)
    expect([await isActive(mine), await isActive(first), await isActive(second), await isActive(foreign)]).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(await revoked()).toEqual([first.id])
  })

  test('ends every session of an identity where none is excepted', async () => {
    const sessions = [await app.session(project, ada), await app.session(project, ada)]
    expect(await revokeOthers(project.ctx, ada)).toBe(2)
    expect(await Promise.all(sessions.map(isActive))).toEqual([false, false])
    expect((await revoked()).sort()).toEqual(sessions.map(({ id }) => id).sort())
  })

  test('a person ends other sessions of theirs, neither the present one nor those of others', async () => {
    const [mine, second, foreign] = [
      await app.session(project, ada),
      await app.session(project, ada),
      await app.session(project, ben),
    ]
    await expect(revokeMySession(project.ctx, mine, mine.id)).rejects.toMatchObject({ httpStatus: 400 })
    await revokeMySession(project.ctx, mine, second.id)
    await revokeMySession(project.ctx, mine, foreign.id)
    expect([await isActive(mine), await isActive(second), await isActive(foreign)]).toEqual([true, false, true])
  })

  test('deletes all sessions of an identity, and records those that were active', async () => {
    const [one, dead] = [await app.session(project, ada), await app.session(project, ada, { active: false })]
    const foreign = await app.session(project, ben)
    await deleteSessionsOf(project.ctx, ada)
    expect([await storedSession(project.ctx, one.id), await storedSession(project.ctx, dead.id)]).toEqual([
      undefined,
      undefined,
    ])
    expect(await isActive(foreign)).toBe(true)
    expect(await revoked()).toEqual([one.id])
    await expect(deleteSessionsOf(project.ctx, ada)).rejects.toMatchObject({ httpStatus: 404 })
  })
})

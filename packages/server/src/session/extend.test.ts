import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { eventsOf, hourMs, openSessions, storedSession } from '../../test/stored-sessions.ts'
import { extendSession } from './extend.ts'

describe.each(dsns)('extending a session on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let project: TestProject
  beforeAll(async () => {
    app = await openSessions(dsn)
    project = await app.project((identity) => ({
      ...identity,
      session: { ...identity.session, lifespan: 10 * hourMs, earliest_possible_extend: hourMs },
    }))
  })
  afterAll(() => app.close())

  const lastingFor = async (lastsMs: number) =>
    app.session(project, await app.person(project), { expiresAt: app.clock.now() + lastsMs })
  const extensions = async () =>
    (await eventsOf(project.ctx)).filter(([name]) => name === 'SessionLifespanExtended').map(([, one]) => one)

  test('gives it a whole lifespan from now in the last hour, and records it', async () => {
    const { id, identityId } = await lastingFor(hourMs - 1)
    const until = app.clock.now() + 10 * hourMs
    const shown = JSON.parse(String(await extendSession(project.ctx, id)))
    expect(shown).toMatchObject({ id, active: true, expires_at: new Date(until).toISOString(), devices: [] })
    expect(shown.identity.id).toBe(identityId)
    expect((await storedSession(project.ctx, id))?.expiresAt).toBe(until)
    expect(await extensions()).toMatchObject([
      { SessionID: id, IdentityID: identityId, SessionExpiresAt: new Date(until).toISOString() },
    ])
  })

  test('changes and records nothing before', async () => {
    const before = await extensions()
    const { id, expiresAt } = await lastingFor(hourMs)
    const shown = JSON.parse(String(await extendSession(project.ctx, id)))
    expect(shown.expires_at).toBe(new Date(expiresAt).toISOString())
    expect((await storedSession(project.ctx, id))?.expiresAt).toBe(expiresAt)
    expect(await extensions()).toEqual(before)
  })

  test('does not make a revoked one active again', async () => {
    const identityId = await app.person(project)
    const { id } = await app.session(project, identityId, { active: false, expiresAt: app.clock.now() + 1 })
    expect(JSON.parse(String(await extendSession(project.ctx, id))).active).toBe(false)
    expect((await storedSession(project.ctx, id))?.active).toBe(false)
  })

  test('is refused for one that is not there or is of another project', async () => {
    const { id } = await lastingFor(1)
    const other = await app.project()
    await expect(extendSession(other.ctx, id)).rejects.toMatchObject({ httpStatus: 404 })
    await expect(extendSession(project.ctx, project.ctx.random.uuid())).rejects.toMatchObject({ httpStatus: 404 })
  })
})

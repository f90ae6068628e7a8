import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { hourMs, openSessions, tokenOf } from '../../test/stored-sessions.ts'
import { actingAsOwner, findSignedIn } from './resolve.ts'
import { whoami } from './whoami.ts'

describe.each(dsns)('the session of a secret on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let project: TestProject
  beforeAll(async () => {
    app = await openSessions(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = async () => app.session(project, await app.person(project))
  /** What both ways of asking say of a secret. */
  async function found(token: string | undefined, at = project) {
    const signed = token === undefined ? undefined : await findSignedIn(at.ctx, token)
    const shown = await whoami(at.ctx, { cookies: () => [] }, token === undefined ? [] : [token], {}).then(
      ({ text }) => JSON.parse(String(text)).id as string,
      (error: { httpStatus: number }) => error.httpStatus,
    )
    return [signed?.session.id, shown]
  }
  const nothing = [undefined, 401]

  test('is found with its identity while it lasts', async () => {
    const session = await member()
    const signed = await findSignedIn(project.ctx, tokenOf(session))
    expect(signed?.session).toEqual(session)
    expect(signed?.identity.document.id).toBe(session.identityId)
    expect(actingAsOwner(project.ctx, { session }).actor).toEqual({ type: 'session', id: session.identityId })
    app.clock.advance(hourMs - 1)
    expect(await found(tokenOf(session))).toEqual([session.id, session.id])
    app.clock.advance(1)
    expect(await found(tokenOf(session))).toEqual(nothing)
  })

  test('is not found by anything else than its secret, nor in another project', async () => {
    const session = await member()
    for (const token of [undefined, '', session.id, `${tokenOf(session)}x`, tokenOf(session).toUpperCase()])
      expect([token, await found(token)]).toEqual([token, nothing])
    expect(await found(tokenOf(session), await app.project())).toEqual(nothing)
  })

  test('is not found once it was revoked', async () => {
    const session = await member()
    await project.call('DELETE', `/admin/sessions/${session.id}`)
    expect(await found(tokenOf(session))).toEqual(nothing)
  })

  test('is not found while its identity is inactive', async () => {
    const session = await member()
    const state = (value: string) =>
      project.call('PATCH', `/admin/identities/${session.identityId}`, {
        json: [{ op: 'replace', path: '/state', value }],
      })
    expect((await state('inactive')).status).toBe(200)
    expect(await found(tokenOf(session))).toEqual(nothing)
    expect((await state('active')).status).toBe(200)
    expect(await found(tokenOf(session))).toEqual([session.id, session.id])
  })
})

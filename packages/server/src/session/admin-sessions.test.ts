import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { hourMs as hour, openSessions, storedSession, tokenOf } from '../../test/stored-sessions.ts'
import { tokenHash } from '../kernel/keys.ts'
import { removeExpiredSessions } from './clean-store.ts'
import type { Session } from './record.ts'
import { deleteSessionsOf, revokeOthers, revokeSession } from './revoke.ts'
import * as store from './store.ts'

describe.each(dsns)('stored sessions on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openSessions>>
  let mine: TestProject
  let theirs: TestProject
  beforeAll(async () => {
    app = await openSessions(dsn)
    mine = await app.project()
    theirs = await app.project()
  })
  afterAll(() => app.close())

  const person = (at: TestProject) => app.person(at)
  const session = (at: TestProject, identityId: string, lastsMs = hour): Promise<Session> =>
    app.session(at, identityId, { expiresAt: app.clock.now() + lastsMs })

  test('every look-up finds what is there, and nothing of another project', async () => {
    const one = await session(mine, await person(mine))
    const reads: ((at: TestProject) => Promise<unknown>)[] = [
      ({ ctx }) => store.findByTokenHash(ctx, tokenHash(tokenOf(one))),
      ({ ctx }) => store.findListed(ctx, one.id),
      ({ ctx }) => store.findInForce(ctx, tokenHash(tokenOf(one))),
      ({ ctx }) => store.findWithCredentials(ctx, tokenHash(tokenOf(one))),
      async ({ ctx }) => (await store.listSessionRows(ctx, { identityId: one.identityId }, { size: 5 }))[0],
      async ({ ctx }) => (await store.countSessions(ctx, { identityId: one.identityId })) || undefined,
    ]
    for (const read of reads) {
      expect(await read(mine)).toBeDefined()
      expect(await read(theirs)).toBeUndefined()
    }
  })

  test('no write reaches another project', async () => {
    const one = await session(mine, await person(mine))
    await store.updateSession(theirs.ctx, { ...one, aal: 'aal2' })
    await store.setExpiry(theirs.ctx, one.id, 0)
    expect(await revokeSession(theirs.ctx, one.id)).toBe(false)
    expect(await revokeOthers(theirs.ctx, one.identityId)).toBe(0)
    await expect(deleteSessionsOf(theirs.ctx, one.identityId)).rejects.toMatchObject({ code: 404 })
    expect(await storedSession(mine.ctx, one.id)).toEqual(one)
  })

  test('an administrator reaches the sessions of the project only', async () => {
    const one = await session(mine, await person(mine))
    const statuses = async (at: TestProject) => {
      const get = await at.call('GET', `/admin/sessions/${one.id}?expand=identity&expand=devices`)
      const extend = await at.call('PATCH', `/admin/sessions/${one.id}/extend`)
      const revoke = await at.call('DELETE', `/admin/sessions/${one.id}`)
      const remove = await at.call('DELETE', `/admin/identities/${one.identityId}/sessions`)
      return [get, extend, revoke, remove].map(({ status }) => status)
    }
    expect((await theirs.call('GET', '/admin/sessions')).body).toEqual([])
    expect(await statuses(theirs)).toEqual([404, 404, 404, 404])
    expect((await mine.call('GET', `/admin/sessions/${one.id}`)).body).toMatchObject({ id: one.id, active: true })
    expect(await statuses(mine)).toEqual([200, 200, 204, 204])
    expect((await mine.call('GET', `/admin/sessions/${one.id}`)).status).toBe(404)
  })

  test('pages of sessions follow each other, newest first', async () => {
    const own = await app.project()
    const id = await person(own)
    const made: string[] = []
    for (let i = 0; i < 5; i++) made.push((await session(own, id)).id)
    const seen: string[] = []
    let path: string | undefined = '/admin/sessions?page_size=2'
    while (path) {
      const { body, headers }: { body: { id: string }[]; headers: Record<string, unknown> } = await own.call(
        'GET',
        path,
      )
      seen.push(...body.map((one) => one.id))
      path = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1]
    }
    expect(seen).toEqual(made.sort().reverse())
    expect((await own.call('GET', '/admin/sessions?page_token=00000000000000000000000000000000.x')).status).toBe(400)
  })

  test('a session lasts longer once it may be extended', async () => {
    const own = await app.project((identity) => ({
      ...identity,
      session: { ...identity.session, lifespan: 2 * hour, earliest_possible_extend: hour },
    }))
    const one = await session(own, await person(own), 2 * hour)
    const extended = async () =>
      Date.parse((await own.call('PATCH', `/admin/sessions/${one.id}/extend`)).body.expires_at)
    expect(await extended()).toBe(one.expiresAt)
    app.clock.advance(hour + 1)
    expect(await extended()).toBe(app.clock.now() + 2 * hour)
    expect((await own.call('GET', `/admin/sessions/${one.id}`)).body.expires_at).toBe(
      new Date(app.clock.now() + 2 * hour).toISOString(),
    )
  })

  test('a session is shown as inactive beside an identity that is inactive', async () => {
    const own = await app.project()
    const identityId = await person(own)
    const one = await session(own, identityId)
    const shown = async () => {
      const get = async (path: string) => (await own.call('GET', path)).body
      return {
        alone: (await get(`/admin/sessions/${one.id}`)).active,
        withDevices: (await get(`/admin/sessions/${one.id}?expand=devices`)).active,
        withIdentity: (await get(`/admin/sessions/${one.id}?expand=identity`)).active,
        listed: (await get('/admin/sessions'))[0].active,
        listedWithIdentity: (await get('/admin/sessions?expand=identity'))[0].active,
        ofIdentity: (await get(`/admin/identities/${identityId}/sessions`))[0].active,
        extended: (await own.call('PATCH', `/admin/sessions/${one.id}/extend`)).body.active,
      }
    }
    const become = (state: string) =>
      own.call('PATCH', `/admin/identities/${identityId}`, { json: [{ op: 'replace', path: '/state', value: state }] })
    const alone = { alone: true, withDevices: true, listed: true }
    const beside = (active: boolean) => ({
      withIdentity: active,
      listedWithIdentity: active,
      ofIdentity: active,
      extended: active,
    })
    expect(await shown()).toEqual({ ...alone, ...beside(true) })
    await become('inactive')
    expect(await shown()).toEqual({ ...alone, ...beside(false) })
    await become('active')
    expect(await shown()).toEqual({ ...alone, ...beside(true) })
  })

  test('only what ran out before the given time is removed, in all projects', async () => {
    const [mineId, theirId] = [await person(mine), await person(theirs)]
    const gone = [
      await session(mine, mineId, -2 * hour),
      await session(theirs, theirId, -2 * hour),
      await session(mine, mineId, -2 * hour),
    ]
    const kept = [await session(mine, mineId, hour), await session(theirs, theirId, -hour / 2)]
    const before = app.clock.now() - hour
    expect(await removeExpiredSessions(app.database.unscoped, { before })).toBeGreaterThanOrEqual(gone.length)
    for (const [at, id] of [
      [mine, gone[0]?.id],
      [theirs, gone[1]?.id],
      [mine, gone[2]?.id],
    ] as const) {
      expect(await store.findListed(at.ctx, String(id))).toBeUndefined()
    }
    expect(await store.findListed(mine.ctx, String(kept[0]?.id))).toBeDefined()
    expect(await store.findListed(theirs.ctx, String(kept[1]?.id))).toBeDefined()
    expect(await removeExpiredSessions(app.database.unscoped, { before })).toBe(0)
  })
})

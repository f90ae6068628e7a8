import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { challengeIn, proofWith, registrationIn, softwareKey } from '../../../test/bound-browser.ts'
import { minuteMs, openBoundProjects, origin } from '../../../test/bound-projects.ts'
import { Person } from '../../../test/people.ts'

describe.each(dsns)('a refresh on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openBoundProjects>>
  let project: TestProject
  beforeAll(async () => {
    app = await openBoundProjects(dsn)
    project = await app.boundProject()
  })
  afterAll(() => app.close())
  const path = '/sessions/device-bound/refresh'

  it('is answered with a challenge first, which is answered once', async () => {
    const { browser } = await app.boundMember(project)
    const asked = await browser.askToRefresh()
    expect([asked.status, challengeIn(asked).id]).toEqual([403, browser.instructions.session_identifier])
    expect(asked.body.error).toMatchObject({ code: 403, status: 'Forbidden' })
    const proof = await proofWith(browser.key, challengeIn(asked).challenge)
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.askToRefresh(proof)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403])
    const done = answers.find(({ status }) => status === 200)
    expect(done?.body).toEqual(browser.instructions)
    expect(done?.headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(String(done?.headers['set-cookie'])).toMatch(/^ory_kratos_session_bound=\w+\.[\w-]{43}; .*Max-Age=600/)
    const replayed = await browser.askToRefresh(proof)
    expect([replayed.status, replayed.headers['set-cookie']]).toEqual([403, undefined])
    // The browser signs the new challenge.
    const next = await proofWith(browser.key, challengeIn(replayed).challenge)
    expect((await browser.askToRefresh(next)).status).toBe(200)
  })

  it('invalidates challenges that were issued before', async () => {
    const { browser } = await app.boundMember(project)
    const old = await browser.freshProof()
    app.clock.advance(1)
    expect((await browser.askToRefresh(await browser.freshProof())).status).toBe(200)
    expect((await browser.askToRefresh(old)).status).toBe(403)
  })

  it('succeeds although the clock of another node is behind', async () => {
    const { browser } = await app.boundMember(project)
    app.clock.advance(minuteMs)
    expect((await browser.askToRefresh(await browser.freshProof())).status).toBe(200)
    app.clock.advance(-minuteMs)
    expect((await browser.askToRefresh(await browser.freshProof())).status).toBe(200)
    app.clock.advance(minuteMs)
  })

  it('is refused with the key of another device, also of one that is bound', async () => {
    const [{ browser }, { browser: other }] = [await app.boundMember(project), await app.boundMember(project)]
    for (const key of [other.key, await softwareKey(), await softwareKey('RS256')]) {
      const { status, headers } = await browser.askToRefresh(await browser.freshProof(key))
      expect([status, headers['secure-session-challenge'], headers['set-cookie']]).toEqual([401, undefined, undefined])
    }
    // A key that comes with the proof is not asked for.
    const key = await softwareKey()
    const proof = await browser.freshProof(key, { header: { jwk: key.publicKey } })
    expect((await browser.askToRefresh(proof)).status).toBe(401)
    expect((await browser.askToRefresh(await browser.freshProof())).status).toBe(200)
  })

  it('is refused with a proof of another type or audience', async () => {
    const { browser } = await app.boundMember(project)
    for (const more of [{ header: { typ: 'JWT' } }, { claims: { aud: 'https://other.example' } }])
      expect((await browser.askToRefresh(await browser.freshProof(browser.key, more))).status).toBe(401)
    for (const aud of [origin, `${origin}/`, origin + path])
      expect((await browser.askToRefresh(await browser.freshProof(browser.key, { claims: { aud } }))).status).toBe(200)
  })

  it('asks again for a challenge that is old, of another session, or for a registration', async () => {
    const [{ browser, email }, { browser: other }] = [await app.boundMember(project), await app.boundMember(project)]
    const ofOther = challengeIn(await other.askToRefresh()).challenge
    const forRegistration = registrationIn(await new Person(project).signIn(email)).challenge
    const own = challengeIn(await browser.askToRefresh()).challenge
    for (const challenge of [ofOther, forRegistration, 'x', own.slice(0, -1)])
      expect((await browser.askToRefresh(await proofWith(browser.key, challenge))).status).toBe(403)
    app.clock.advance(5 * minuteMs + 1)
    expect((await browser.askToRefresh(await proofWith(browser.key, own))).status).toBe(403)
  })

  it('needs no cookie, which browsers do not send if a page of another site caused it', async () => {
    const { browser, email } = await app.boundMember(project)
    const cookies = new Map(browser.cookies)
    browser.cookies.clear()
    expect((await browser.askToRefresh(await browser.freshProof())).status).toBe(200)
    // What it sets is of no use without the cookie of the session.
    expect(await browser.whoami()).toBeUndefined()
    for (const [name, value] of cookies) if (!name.endsWith('_bound')) browser.cookies.set(name, value)
    app.clock.advance(minuteMs)
    expect(await browser.whoami()).toBe(email)
  })

  it('is refused for sessions that are not bound or not there, and for what is no ID', async () => {
    const { browser } = await app.boundMember(project)
    const ask = (id?: string) =>
      new Person(project).call('POST', path, { headers: { ...(id !== undefined && { 'sec-secure-session-id': id }) } })
    const person = new Person(project)
    const { body } = await person.signUp('unbound@harbour.example')
    expect((await ask(body.session.id)).status).toBe(401)
    expect((await ask(project.ctx.random.uuid())).status).toBe(401)
    for (const id of [undefined, '', 'x', '"', `${browser.instructions.session_identifier}x`])
      expect((await ask(id)).status).toBe(400)
    // Structured fields are quoted, but Chromium does not quote them.
    expect((await ask(`"${browser.instructions.session_identifier}"`)).status).toBe(403)
    const elsewhere = await app.boundProject()
    const there = new Person(elsewhere)
    const headers = { 'sec-secure-session-id': browser.instructions.session_identifier }
    expect((await there.call('POST', path, { headers })).status).toBe(401)
  })
})

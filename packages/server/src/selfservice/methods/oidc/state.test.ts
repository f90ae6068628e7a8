import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, identitiesWith, Person } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'

describe.each(dsns)('the state of a sign-in at a provider on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith()
  })
  afterAll(() => social.close())

  test('belongs to a browser', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    const { state } = await social.leave(new Person(project))
    const victim = new Person(project)
    await victim.begin('login')
    const answer = await social.comeBack(victim, { state, code: social.acme.codeFor(who) })
    expect(String(answer.headers.location)).toContain('/error?id=')
    expect(await victim.whoami()).toBeUndefined()
    // Nor if the victim has a sign-in of its own under way.
    await social.leave(victim)
    await social.comeBack(victim, { state, code: social.acme.codeFor(who) })
    expect(await victim.whoami()).toBeUndefined()
  })

  test('belongs to a provider', async () => {
    const person = new Person(project)
    const { state } = await social.leave(person)
    const answer = await social.comeBack(
      person,
      { state, code: social.acme.codeFor({ sub: freshSubject() }) },
      '/other',
    )
    expect(String(answer.headers.location)).toContain('/error?id=')
    expect(await person.whoami()).toBeUndefined()
  })

  test('is used once, also by simultaneous requests', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    const person = new Person(project)
    const { state } = await social.leave(person)
    const codes = [1, 2, 3, 4].map(() => social.acme.codeFor(who))
    const tries = codes.map((code) => {
      const tab = new Person(project)
      for (const [name, value] of person.cookies) tab.cookies.set(name, value)
      return social.comeBack(tab, { state, code }).then(() => tab.whoami())
    })
    expect((await Promise.all(tries)).filter(Boolean)).toEqual([who.email])
    await social.comeBack(person, { state, code: social.acme.codeFor(who) })
    expect(await person.whoami()).toBeUndefined()
    expect(await identitiesWith(project, who.email)).toHaveLength(1)
  })

  test('runs out', async () => {
    const person = new Person(project)
    const { state } = await social.leave(person)
    social.app.clock.advance(30 * 60_000 + 1)
    social.acme.state.nowMs = social.app.clock.now()
    const answer = await social.comeBack(person, { state, code: social.acme.codeFor({ sub: freshSubject() }) })
    expect(String(answer.headers.location)).toContain('/error?id=')
  })

  test.each([
    ['unknown', { state: 'invented', code: 'x' }, ''],
    ['missing', { code: 'x' }, ''],
  ])('is refused if it is %s', async (_name, query, path) => {
    const answer = await social.comeBack(new Person(project), query as Record<string, string>, path)
    expect([answer.status, String(answer.headers.location)]).toEqual([303, expect.stringContaining('/error?id=')])
  })

  test('of several tabs is kept apart', async () => {
    const person = new Person(project)
    const [one, two] = [await social.leave(person), await social.leave(person)]
    const who = { sub: freshSubject(), email: freshEmail() }
    await social.comeBack(person, { state: one.state, code: social.acme.codeFor(who) })
    expect(await person.whoami()).toBe(who.email)
    expect(two.state).not.toBe(one.state)
  })
})

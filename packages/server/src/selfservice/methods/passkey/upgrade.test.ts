import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { addPasskey, authenticator, keyProject } from '../../../../test/key-projects.ts'
import { freshEmail, messageIds, openFlows, Person, password } from '../../../../test/people.ts'

const page = 'http://localhost:4000/ui/passkey'

describe.each(dsns)('passkeys made after a sign-in with a password on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let other: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await keyProject(app, { passkey: { upgrade_ui_url: page } })
    other = await keyProject(app)
  })
  afterAll(() => app.close())

  async function member(at = project) {
    const email = freshEmail('pia')
    await new Person(at).signUp(email)
    return email
  }

  /** Where a browser is sent after the sign-in. */
  async function next(email: string, { at = project, query = '' } = {}): Promise<URL> {
    const person = new Person(at)
    const flow = await person.begin('login', query)
    const { body } = await person.submit('login', flow, {
      method: 'password',
      identifier: email,
      password,
    })
    return new URL(body.continue_with.at(-1).redirect_browser_to)
  }

  test('are asked for on the configured page, which goes on to where the sign-in leads', async () => {
    const email = await member()
    const usual = await next(await member(other), { at: other })
    const url = await next(email)
    expect(`${url.origin}${url.pathname}`).toBe(page)
    expect(url.searchParams.get('return_to')).toBe(usual.href)
    const asked = await next(email, { query: '?return_to=/ui/settings' })
    expect(asked.searchParams.get('return_to')).toMatch(/\/ui\/settings$/)
  })

  test('are not asked for if the account has one, without the policy, and of apps', async () => {
    const email = freshEmail('pia')
    const person = new Person(project)
    await person.signUp(email)
    expect((await addPasskey(person, authenticator())).status).toBe(200)
    expect((await next(email)).pathname).not.toBe('/ui/passkey')
    expect((await next(await member(other), { at: other })).pathname).not.toBe('/ui/passkey')
    const app = await new Person(project, 'api').signIn(await member())
    expect(app.body.continue_with ?? []).toEqual([])
  })

  test('may come without a sign that the person was present, with the policy only', async () => {
    const silent = authenticator({ isPresent: false })
    const [one, two] = [new Person(project), new Person(other)]
    await one.signUp(freshEmail('pia'))
    await two.signUp(freshEmail('pia'))
    expect((await addPasskey(one, silent)).status).toBe(200)
    const refused = await addPasskey(two, silent)
    expect([refused.status, messageIds(refused.body)]).not.toEqual([200, []])
    expect(refused.status).toBe(400)
  })
})

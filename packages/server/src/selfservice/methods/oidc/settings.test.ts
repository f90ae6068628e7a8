import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { providerConfig, withProviders } from '../../../../test/openid-provider.ts'
import { freshEmail, identitiesWith, messageIds, Person, signedUp } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'

describe.each(dsns)('connections in the settings on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith()
  })
  afterAll(() => social.close())

  test('connect and disconnect an account', async () => {
    const { person, email } = await signedUp(project, 'browser')
    const who = { sub: freshSubject(), email: freshEmail() }
    const { state, flow } = await social.leave(person, 'settings', { link: 'acme' })
    await social.comeBack(person, { state, code: social.acme.codeFor(who) })
    expect((await social.shown(person, 'settings', flow.id)).ui.messages[0].id).toBe(1050001)
    const other = new Person(project)
    await social.signIn(other, who)
    expect(await other.whoami()).toBe(email)
    const gone = await person.run('settings', { unlink: 'acme' })
    expect(gone.status).toBe(200)
    expect((await identitiesWith(project, email))[0].credentials.oidc.identifiers).toEqual([])
  })

  test('do not connect an account to a flow of somebody else', async () => {
    const { person } = await signedUp(project, 'browser')
    const { state } = await social.leave(person, 'settings', { link: 'acme' })
    const { person: other, email } = await signedUp(project, 'browser')
    const code = social.acme.codeFor({ sub: freshSubject(), email: freshEmail() })
    await social.comeBack(other, { state, code })
    for (const [name, value] of person.cookies) if (name.includes('continuity')) other.cookies.set(name, value)
    await social.comeBack(other, { state, code })
    expect((await identitiesWith(project, email))[0].credentials.oidc).toBeUndefined()
  })

  test('do not connect what belongs to another account', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    await social.signIn(new Person(project), who)
    const { person } = await signedUp(project, 'browser')
    const { state, flow } = await social.leave(person, 'settings', { link: 'acme' })
    await social.comeBack(person, { state, code: social.acme.codeFor(who) })
    expect(messageIds(await social.shown(person, 'settings', flow.id))).toEqual([4000007])
  })

  test('do not remove the last way to sign in, also by simultaneous requests', async () => {
    const configure = await withProviders(
      ['acme', 'bolt'].map((id) => providerConfig({ id, issuer_url: social.acme.issuer })),
    )
    const at = await social.app.project((identity) => {
      const { methods, ...rest } = configure(identity).selfservice
      const code = { ...methods.code, enabled: false, passwordless_enabled: false }
      return { ...identity, selfservice: { ...rest, methods: { ...methods, code } } }
    })
    const person = new Person(at)
    const email = freshEmail()
    await social.signIn(person, { sub: freshSubject(), email })
    const { state } = await social.leave(person, 'settings', { link: 'bolt' })
    await social.comeBack(person, { state, code: social.acme.codeFor({ sub: freshSubject() }) }, '/bolt')
    const flows = [await person.begin('settings'), await person.begin('settings')]
    const ids = ['acme', 'bolt']
    await Promise.all(flows.map((flow, i) => person.submit('settings', flow, { unlink: ids[i] })))
    expect((await identitiesWith(at, email))[0].credentials.oidc.identifiers).toHaveLength(1)
  })
})

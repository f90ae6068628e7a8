import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerConfig, withProviders } from '../../../../test/openid-provider.ts'
import { freshEmail, Person, signedUp } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'

let social: Awaited<ReturnType<typeof openSocial>>
beforeAll(async () => {
  social = await openSocial('memory')
})
afterAll(() => social.close())

/** The buttons of providers in a form. */
function buttons(flow: { ui: { nodes: { group: string; attributes: { name: string; value: string } }[] } }): string[] {
  return flow.ui.nodes.filter(({ group }) => group === 'oidc').map(({ attributes }) => attributes.value)
}

async function inSteps({ mitigate = false } = {}) {
  const ids = ['acme', 'bolt']
  const configure = await withProviders([
    ...ids.map((id) => providerConfig({ id, issuer_url: social.acme.issuer })),
    providerConfig({ id: 'of-an-organization', organization_id: 'x', issuer_url: social.acme.issuer }),
  ])
  return social.app.project((identity) => {
    const { selfservice, security } = configure(identity)
    const { login, registration } = selfservice.flows
    const flows = {
      ...selfservice.flows,
      login: { ...login, style: 'identifier_first' as const },
      registration: { ...registration, style: 'profile_first' as const },
    }
    const accountEnumeration = { ...security.account_enumeration, mitigate }
    return {
      ...identity,
      security: { ...security, account_enumeration: accountEnumeration },
      selfservice: { ...selfservice, flows },
    }
  })
}

test('providers are offered from the first step, and then those that the account is connected to', async () => {
  const project = await inSteps()
  const person = new Person(project)
  expect([buttons(await person.begin('registration')), buttons(await person.begin('login'))]).toEqual([
    ['acme', 'bolt'],
    ['acme', 'bolt'],
  ])
  const email = freshEmail()
  await social.signIn(new Person(project), { sub: freshSubject(), email })
  const second = await person.run('login', { method: 'identifier_first', identifier: email })
  expect(buttons(second.body)).toEqual(['acme'])
})

test('strangers do not learn to which providers an account is connected', async () => {
  const project = await inSteps({ mitigate: true })
  const email = freshEmail()
  await social.signIn(new Person(project), { sub: freshSubject(), email })
  for (const identifier of [email, freshEmail('stranger')]) {
    const second = await new Person(project).run('login', { method: 'identifier_first', identifier })
    expect(buttons(second.body)).toEqual(['acme', 'bolt'])
  }
})

test('somebody who signs in again is offered their own providers only', async () => {
  const project = await inSteps()
  const person = new Person(project)
  await social.signIn(person, { sub: freshSubject(), email: freshEmail() })
  expect(buttons(await person.begin('login', '?refresh=true'))).toEqual(['acme'])
  const { person: other } = await signedUp(await social.projectWith(), 'browser')
  expect(buttons(await other.begin('login', '?refresh=true'))).toEqual([])
})

test('a provider of an organization is not offered, and not used', async () => {
  const project = await inSteps()
  const answer = await new Person(project).run('login', { provider: 'of-an-organization' })
  expect(answer.status).toBe(404)
})

test('the address to return to can have a base of its own, and none of a provider if PKCE is forced', async () => {
  const configure = await withProviders(
    [
      providerConfig({ issuer_url: social.acme.issuer }),
      providerConfig({ id: 'forced', issuer_url: social.acme.issuer, pkce: 'force' }),
    ],
    { base_redirect_uri: 'https://id.example/base/' },
  )
  const project = await social.app.project(configure)
  const redirectUri = async (provider: string) => {
    const { body } = await new Person(project).run('login', { provider })
    return new URL(body.redirect_browser_to).searchParams.get('redirect_uri')
  }
  const base = 'https://id.example/base/self-service/methods/oidc/callback'
  expect([await redirectUri('acme'), await redirectUri('forced')]).toEqual([`${base}/acme`, base])
})

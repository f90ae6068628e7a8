import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { freshEmail, identitiesWith, openFlows, Person, password, signedUp } from '../../test/people.ts'
import { cookieName } from './cookie.ts'

describe.each(dsns)('on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  /** The Cookie header of a browser that has a stale cookie before or after each of its own. */
  function withStale(person: Person, order: 'before' | 'after'): Record<string, string> {
    const pairs = [...person.cookies].map(([name, value]) => {
      const stale = Buffer.alloc(32, 7).toString('base64')
      const both = [`${name}=${stale}`, `${name}=${value}`]
      return (order === 'before' ? both : both.reverse()).join('; ')
    })
    return { cookie: pairs.join('; ') }
  }

  test.each(['before', 'after'] as const)('a stale cookie %s the right one does not hide it', async (order) => {
    const { person } = await signedUp(project, 'browser')
    const headers = withStale(person, order)
    const asJson = { ...headers, accept: 'application/json' }
    const whoami = await project.call('GET', '/sessions/whoami', { headers, token: null })
    expect(whoami.status).toBe(200)
    expect(whoami.headers['x-kratos-authenticated-identity-id']).toBe(whoami.body.identity.id)
    expect((await project.call('GET', '/sessions', { headers, token: null })).status).toBe(200)
    // Its session and its anti-CSRF token are found, and the session's cookie is the one that is sent again.
    const form = await project.call('GET', '/self-service/settings/browser', { headers: asJson, token: null })
    expect(form.status).toBe(200)
    const field = form.body.ui.nodes.find(
      (node: { attributes: { name: string } }) => node.attributes.name === 'csrf_token',
    )
    const changed = await project.call('POST', `/self-service/settings?flow=${form.body.id}`, {
      json: { method: 'password', password: `${password} at night`, csrf_token: field.attributes.value },
      headers: asJson,
      token: null,
    })
    expect(changed.status).toBe(200)
    const name = cookieName(project.ctx)
    expect(String(changed.headers['set-cookie'])).toContain(`${name}=${person.cookies.get(name)};`)
    const logout = await project.call('GET', '/self-service/logout/browser', { headers: asJson, token: null })
    expect(logout.status).toBe(200)
  })

  test('a form that was made with one anti-CSRF cookie is taken although another stands first', async () => {
    const person = new Person(project)
    const flow = await person.begin('login')
    const email = freshEmail('stale')
    const field = flow.ui.nodes.find((node: { attributes: { name: string } }) => node.attributes.name === 'csrf_token')
    const answer = await project.call('POST', `/self-service/login?flow=${flow.id}`, {
      json: { method: 'password', identifier: email, password, csrf_token: field.attributes.value },
      headers: { ...withStale(person, 'before'), accept: 'application/json' },
      token: null,
    })
    // The form was read: only nobody has this account.
    expect(answer.status).toBe(400)
  })

  test('a deactivated person is signed in nowhere', async () => {
    for (const kind of ['api', 'browser'] as const) {
      const { email, person } = await signedUp(project, kind)
      const settings = await person.begin('settings')
      const [{ id }] = await identitiesWith(project, email)
      await project.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'replace', path: '/state', value: 'inactive' }],
      })
      for (const path of ['/sessions', '/sessions/whoami', `/self-service/settings/${kind}`])
        expect([path, (await person.call('GET', path)).status]).toEqual([path, 401])
      expect((await person.call('GET', `/self-service/settings/flows?id=${settings.id}`)).status).toBe(401)
      expect((await person.call('DELETE', '/sessions')).status).toBe(401)
      const changed = await person.submit('settings', settings, { method: 'password', password: `${password} again` })
      expect(changed.status).toBe(401)
    }
  })
})

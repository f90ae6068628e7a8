import { Configuration, FrontendApi, IdentityApi } from '@ory/kratos-client'
import type { AxiosResponse } from 'axios'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAddress, startTarget, type Target } from './target.ts'

const password = 'correct-Horse-7-battery'
let server: Target
let frontend: FrontendApi
let identities: IdentityApi

beforeAll(async () => {
  server = await startTarget()
  frontend = new FrontendApi(new Configuration({ basePath: server.public }))
  identities = new IdentityApi(new Configuration({ basePath: server.admin }))
})
afterAll(() => server?.stop())

/** The cookies that a browser would have after these responses. */
function cookies(...answers: AxiosResponse[]): string {
  const held = new Map<string, string>()
  for (const line of answers.flatMap((answer) => answer.headers['set-cookie'] ?? [])) {
    const [pair = ''] = line.split(';')
    held.set(pair.slice(0, pair.indexOf('=')), pair)
  }
  return [...held.values()].join('; ')
}

const csrf = (flow: { ui: { nodes: { attributes: object }[] } }) =>
  flow.ui.nodes
    .map(({ attributes }) => attributes as { name?: string; value?: string })
    .find(({ name }) => name === 'csrf_token')?.value

describe('@ory/kratos-client, in a browser by AJAX', () => {
  it('signs up, has a session by cookie, signs out and signs in again', async () => {
    const email = newAddress()
    const start = await frontend.createBrowserRegistrationFlow()
    const signedUp = await frontend.updateRegistrationFlow({
      flow: start.data.id,
      cookie: cookies(start),
      updateRegistrationFlowBody: {
        method: 'password',
        csrf_token: csrf(start.data),
        password,
        traits: { email },
      },
    })
    expect(signedUp.data.session_token).toBeUndefined()
    const cookie = cookies(start, signedUp)
    expect((await frontend.toSession({ cookie })).data.identity?.traits.email).toBe(email)

    const { data: logout } = await frontend.createBrowserLogoutFlow({ cookie })
    expect((await frontend.updateLogoutFlow({ token: logout.logout_token, cookie })).status).toBe(204)
    await expect(frontend.toSession({ cookie })).rejects.toMatchObject({ response: { status: 401 } })

    const login = await frontend.createBrowserLoginFlow()
    const signedIn = await frontend.updateLoginFlow({
      flow: login.data.id,
      cookie: cookies(login),
      updateLoginFlowBody: { method: 'password', csrf_token: csrf(login.data), identifier: email, password },
    })
    expect(signedIn.data.session.authentication_methods?.map(({ method }) => method)).toEqual(['password'])
  })

  it('signs in without a password, with an emailed code', async () => {
    const email = newAddress()
    await identities.createIdentity({ createIdentityBody: { schema_id: 'person', traits: { email } } })
    const login = await frontend.createNativeLoginFlow()
    const send = { method: 'code' as const, identifier: email, csrf_token: '' }
    await expect(frontend.updateLoginFlow({ flow: login.data.id, updateLoginFlowBody: send })).rejects.toMatchObject({
      response: { status: 400, data: { state: 'sent_email' } },
    })
    const code = await server.code(email)
    const { data } = await frontend.updateLoginFlow({
      flow: login.data.id,
      updateLoginFlowBody: { ...send, code },
    })
    expect(data.session_token).toMatch(/^ory_st_/)
  })

  it('is rejected without the CSRF token', async () => {
    const login = await frontend.createBrowserLoginFlow()
    const body = { method: 'password' as const, identifier: newAddress(), password }
    await expect(
      frontend.updateLoginFlow({ flow: login.data.id, cookie: cookies(login), updateLoginFlowBody: body }),
    ).rejects.toMatchObject({ response: { status: 403, data: { error: { id: 'security_csrf_violation' } } } })
  })
})

describe('@ory/kratos-client, admin API', () => {
  it('imports a password hash that is valid for sign-in', async () => {
    const email = newAddress()
    const hash = '$2a$10$QX5Ok4A8ob4GxclBMg6qb.PqPjWYxF.AjB6xVJ7nUQXo7UwHMDYpC'
    const { data: made } = await identities.createIdentity({
      createIdentityBody: {
        schema_id: 'person',
        traits: { email },
        credentials: { password: { config: { hashed_password: hash } } },
      },
    })
    const { data: read } = await identities.getIdentity({ id: made.id, includeCredential: ['password'] })
    expect(read.credentials?.password?.identifiers).toEqual([email])
    expect(read.credentials?.password?.config).toEqual({ hashed_password: hash })
  })

  it('receives X-Total-Count when paginating', async () => {
    await identities.createIdentity({ createIdentityBody: { schema_id: 'person', traits: { email: newAddress() } } })
    const page = await identities.listIdentities({ page: 1, perPage: 1 })
    expect(page.data).toHaveLength(1)
    expect(Number(page.headers['x-total-count'])).toBeGreaterThan(0)
  })

  it('receives status 409 for a duplicate', async () => {
    const create = { createIdentityBody: { schema_id: 'person', traits: { email: newAddress() } } }
    await identities.createIdentity(create)
    await expect(identities.createIdentity(create)).rejects.toMatchObject({ response: { status: 409 } })
  })
})

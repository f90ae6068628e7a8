import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestProject } from '../../../../test/app.ts'
import { providerConfig, withProviders } from '../../../../test/openid-provider.ts'
import { openFlows, Person } from '../../../../test/people.ts'

/** A browser at the provider: it follows redirects there and fills its development forms in. */
class AtProvider {
  readonly #cookies = new Map<string, string>()

  /** Follows redirects from a URL until they lead away from the provider. Returns where to. */
  async goTo(start: string, login: string): Promise<URL> {
    const { origin } = new URL(start)
    let url = start
    let body: URLSearchParams | undefined
    for (let steps = 0; steps < 20; steps++) {
      const answer = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body && { method: 'POST', body }),
      })
      this.#keep(answer)
      body = undefined
      const location = answer.headers.get('location')
      if (location) {
        const next = new URL(location, url)
        if (next.origin !== origin) return next
        url = next.href
        continue
      }
      const page = await answer.text()
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
      if (!prompt) throw new Error(`the provider shows no form: ${answer.status}`)
      body = new URLSearchParams({ prompt, login, password: 'any' })
    }
    throw new Error('the provider redirects without end')
  }

  #keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
}

const configuration: Configuration = {
  clients: [],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['a key of this test'] },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, email: `${id}@pier.example`, email_verified: true }),
  }),
  pkce: { required: () => true },
}

let app: Awaited<ReturnType<typeof openFlows>>
let server: Server
let project: TestProject
beforeAll(async () => {
  app = await openFlows('memory')
  server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const configure = await withProviders([
    providerConfig({ issuer_url: issuer }),
    providerConfig({ id: 'userinfo', issuer_url: issuer, claims_source: 'userinfo', pkce: 'force' }),
  ])
  project = await app.project(configure)
  const base = `${project.ctx.config.identity.serve.public.base_url}self-service/methods/oidc/callback`
  const client = { client_id: 'client', client_secret: 'client secret+', redirect_uris: [`${base}/acme`, base] }
  const provider = new Provider(issuer, { ...configuration, clients: [client] })
  handle = provider.callback()
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await app.close()
})

let handle: ReturnType<Provider['callback']>

async function signIn(person: Person, id: string, login: string) {
  const { body } = await person.run('login', { provider: id })
  const back = await new AtProvider().goTo(body.redirect_browser_to, login)
  const answer = await person.call('GET', `${back.pathname}${back.search}`, { headers: { accept: 'text/html' } })
  return { asked: new URL(body.redirect_browser_to), back, answer }
}

test('a certified provider signs people up and in, with PKCE and its name in the response', async () => {
  const ada = new Person(project)
  const { asked, back, answer } = await signIn(ada, 'acme', 'ada')
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256')
  expect(back.searchParams.get('iss')).toBe(asked.origin)
  expect([answer.status, await ada.whoami()]).toEqual([303, 'ada@pier.example'])
  const again = new Person(project)
  await signIn(again, 'acme', 'ada')
  expect(await again.whoami()).toBe('ada@pier.example')
})

test('a certified provider says who somebody is in its userinfo response', async () => {
  const ben = new Person(project)
  const { back } = await signIn(ben, 'userinfo', 'ben')
  expect(back.pathname).toMatch(/callback$/)
  expect(await ben.whoami()).toBe('ben@pier.example')
})

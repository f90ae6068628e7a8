import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFlows, type Person, signedUp } from '../../../../test/people.ts'

describe('signing out of a browser', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows('memory')
  })
  afterAll(() => app.close())

  async function clearing(clears: boolean, baseUrl: string): Promise<Person> {
    const project = await app.project(({ selfservice, serve, ...identity }) => ({
      ...identity,
      serve: { ...serve, public: { ...serve.public, base_url: baseUrl } },
      selfservice: {
        ...selfservice,
        flows: { ...selfservice.flows, logout: { ...selfservice.flows.logout, clear_browser_data: clears } },
      },
    }))
    return (await signedUp(project, 'browser')).person
  }

  async function signOut(person: Person, headers: Record<string, string> = {}) {
    const { body } = await person.call('GET', '/self-service/logout/browser')
    return person.call('GET', `/self-service/logout?token=${body.logout_token}`, { headers })
  }

  test.each([
    [true, 'https://id.example/', '"cache", "cookies", "storage"'],
    [true, 'http://127.0.0.1:4000/', undefined],
    [false, 'https://id.example/', undefined],
  ])('removes what the browser stores (configured: %s, at %s): %s', async (clears, baseUrl, header) => {
    const script = await signOut(await clearing(clears, baseUrl))
    expect([script.status, script.headers['clear-site-data']]).toEqual([204, header])
    const page = await signOut(await clearing(clears, baseUrl), { accept: 'text/html' })
    expect([page.status, page.headers['clear-site-data']]).toEqual([303, header])
  })

  test('removes nothing if it fails', async () => {
    const person = await clearing(true, 'https://id.example/')
    const { status, headers } = await person.call('GET', '/self-service/logout?token=wrong')
    expect([status, headers['clear-site-data']]).toEqual([403, undefined])
    expect(await person.whoami()).toBeDefined()
  })
})

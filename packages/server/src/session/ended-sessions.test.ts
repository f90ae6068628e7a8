import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { openFlows, Person, signedUp } from '../../test/people.ts'

/** How a session ends to be one, but for the person who has it. */
const endings: [what: string, end: (project: TestProject, id: string) => Promise<unknown>][] = [
  [
    'of a person who was switched off',
    (project, id) => {
      const json = [{ op: 'replace', path: '/state', value: 'inactive' }]
      return project.call('PATCH', `/admin/identities/${id}`, { json })
    },
  ],
  ['that was revoked', (project, id) => project.call('DELETE', `/admin/identities/${id}/sessions`)],
  ['of a person who was deleted', (project, id) => project.call('DELETE', `/admin/identities/${id}`)],
  [
    'that ran out',
    (project) => project.ctx.db.updateTable('sessions').set({ expires_at: project.ctx.clock.now() }).execute(),
  ],
]

describe.each(dsns)('on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows(dsn)
  })
  afterAll(() => app.close())

  test.each(endings)('a session %s opens nothing', async (_what, end) => {
    const project = await app.project()
    const { person, email } = await signedUp(project, 'api')
    await new Person(project, 'api').signIn(email)
    const flow = await person.begin('settings')
    const [other] = (await person.call('GET', '/sessions')).body
    const { body } = await person.call('GET', '/sessions/whoami')
    await end(project, body.identity.id)
    const calls = [
      person.call('GET', '/sessions/whoami'),
      person.call('GET', '/sessions'),
      person.call('DELETE', '/sessions'),
      person.call('DELETE', `/sessions/${other.id}`),
      person.call('GET', '/self-service/settings/api'),
      person.call('GET', `/self-service/settings/flows?id=${flow.id}`),
      person.submit('settings', flow, { method: 'profile', traits: { email: 'someone@harbour.example' } }),
      person.submit('settings', flow, { method: 'password', password: 'another lantern here' }),
      person.call('GET', '/self-service/login/api?aal=aal2'),
    ]
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses).toEqual([...Array(5).fill(401), expect.any(Number), 401, 401, expect.any(Number)])
    expect(statuses.every((status) => status >= 400)).toBe(true)
  })
})

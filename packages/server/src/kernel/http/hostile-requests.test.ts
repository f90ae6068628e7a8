import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../../../test/app.ts'
import { openFlows, Person, signedUp } from '../../../test/people.ts'

describe('requests that mean harm', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  const forged = [
    "x' OR 1=1 --",
    '00000000-0000-0000-0000-000000000000',
    '00000000000000000000000000000000.',
    Buffer.from('{"id":"x"}').toString('base64'),
    'e30=',
    '%00',
    '.',
    'null',
    'x'.repeat(5000),
  ]
  test.each(['/admin/sessions', '/admin/identities'])(
    'a page token that was not made here is refused, at %s',
    async (path) => {
      await signedUp(project, 'api')
      for (const token of forged) {
        const { status, body } = await project.call('GET', `${path}?page_token=${encodeURIComponent(token)}`)
        // A bare id is a token of older clients, and a value only.
        const allowed = path === '/admin/identities' && token === forged[1] ? [200, 400] : [400]
        expect([token, allowed.includes(status) ? 'refused' : body]).toEqual([token, 'refused'])
      }
    },
  )

  test('simultaneous errors tell nothing of each other', async () => {
    const paths = Array.from(
      { length: 20 },
      (_, i) => `/admin/identities/${`${i}`.padStart(8, '0')}-0000-4000-8000-000000000000`,
    )
    const mixed = await Promise.all(
      paths.flatMap((path, i) => [
        project.call('GET', path),
        project.call('POST', '/admin/identities', { json: { schema_id: `schema-${i}`, traits: {} } }),
      ]),
    )
    mixed.forEach(({ body }, i) => {
      const text = JSON.stringify(body)
      const others = Array.from({ length: 20 }, (_, n) => `schema-${n}"`).filter(
        (_, n) => i % 2 === 0 || n !== (i - 1) / 2,
      )
      expect(others.filter((other) => text.includes(other))).toEqual([])
    })
    const alone = await project.call('GET', paths[0] ?? '')
    expect(alone.body).toEqual(mixed[0]?.body)
  })

  test('a body that is packed is not unpacked', async () => {
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const answer = await person.call('POST', `/self-service/login?flow=${flow.id}`, { text: '\u001f\u008b', headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  })

  test('null in every place of a body is an answer of 4xx', async () => {
    const names = ['login', 'registration', 'recovery', 'verification'] as const
    const places = [
      'method',
      'identifier',
      'password',
      'traits',
      'email',
      'code',
      'csrf_token',
      'transient_payload',
      'resend',
    ]
    for (const name of names) {
      for (const body of [null, [], [null], ...places.map((place) => ({ method: 'password', [place]: null }))]) {
        const person = new Person(project, 'api')
        const flow = await person.begin(name)
        const answer = await person.call('POST', `/self-service/${name}?flow=${flow.id}`, { json: body })
        expect([name, body, Math.floor(answer.status / 100)]).toEqual([name, body, 4])
      }
    }
    const members = ['schema_id', 'traits', 'credentials', 'verifiable_addresses', 'state']
    for (const json of [null, [null], ...members.map((member) => ({ [member]: null }))]) {
      const { status } = await project.call('POST', '/admin/identities', { json })
      expect([json, Math.floor(status / 100)]).toEqual([json, 4])
    }
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { openFlows, signedUp } from '../../../../test/people.ts'

const minute = 60_000
const nobody = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'

describe.each(dsns)('recovery by an administrator on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let id: string
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project(({ selfservice, ...identity }) => ({
      ...identity,
      selfservice: {
        ...selfservice,
        allowed_return_urls: ['https://app.harbour.example/welcome'],
        methods: {
          ...selfservice.methods,
          link: { ...selfservice.methods.link, enabled: true },
          code: { ...selfservice.methods.code, enabled: true },
        },
      },
    }))
    const { email } = await signedUp(project, 'api')
    const { body } = await project.call('GET', `/admin/identities?credentials_identifier=${email}`)
    id = body[0].id
  })
  afterAll(() => app.close())

  describe.each([
    ['code', 201, 404],
    ['link', 200, 400],
  ] as const)('with a %s', (by, made, unknown) => {
    const ask = (json: object, query = '') => project.call('POST', `/admin/recovery/${by}${query}`, { json })
    const lasts = ({ body }: { body: { expires_at: string } }) => Date.parse(body.expires_at) - app.clock.now()

    test('lasts as long as was asked, or as configured where nothing was', async () => {
      const usual = lasts(await ask({ identity_id: id }))
      expect(usual).toBeGreaterThan(0)
      for (const nothing of ['', null]) {
        const answer = await ask({ identity_id: id, expires_in: nothing })
        expect([answer.status, lasts(answer)]).toEqual([made, usual])
      }
      expect(lasts(await ask({ identity_id: id, expires_in: '1h30m' }))).toBe(90 * minute)
    })

    test.each(['odd', '-1h', '0s', '1h ', ' ', 90, '8761h', '9999999999999h', `${'9'.repeat(400)}h`])(
      'does not last %j',
      async (expiresIn) => {
        for (const identityId of [id, nobody])
          expect((await ask({ identity_id: identityId, expires_in: expiresIn })).status).toBe(400)
      },
    )

    test('returns only to where it may, also for nobody', async () => {
      const at = (url: string) => `?return_to=${encodeURIComponent(url)}`
      expect((await ask({ identity_id: id }, at('https://app.harbour.example/welcome'))).status).toBe(made)
      for (const identityId of [id, nobody]) {
        const { status, body } = await ask({ identity_id: identityId }, at('https://evil.example/welcome'))
        expect([status, body.error.id]).toEqual([400, 'self_service_flow_return_to_forbidden'])
      }
      expect((await ask({ identity_id: nobody }, at('https://app.harbour.example/welcome'))).status).toBe(unknown)
    })

    test('keeps where to return to in its flow', async () => {
      const url = 'https://app.harbour.example/welcome'
      const { body } = await ask({ identity_id: id }, `?return_to=${encodeURIComponent(url)}`)
      const flow = new URL(body.recovery_link).searchParams.get('flow')
      const read = await project.call('GET', `/self-service/recovery/flows?id=${flow}`, {
        token: null,
        headers: { accept: 'application/json' },
      })
      expect([read.status, read.body.return_to]).toEqual([200, url])
    })

    test('needs no recovery address', async () => {
      const own = await app.project()
      const traits = { type: 'object', properties: { name: { type: 'string' } } }
      const document = { type: 'object', properties: { traits } }
      const url = 'http://localhost/schemas/badge'
      const badge = { id: 'badge', url, rawUrl: url, document, selfserviceSelectable: true }
      const { config } = own.ctx
      const identity = { ...config.identity, selfservice: project.ctx.config.identity.selfservice }
      Object.assign(own.ctx, {
        config: { ...config, identity, identitySchemas: [...config.identitySchemas, badge] },
      })
      const json = { schema_id: 'badge', traits: { name: 'Ada' } }
      const { body } = await own.call('POST', '/admin/identities', { json })
      const answer = await own.call('POST', `/admin/recovery/${by}`, { json: { identity_id: body.id } })
      expect(answer.status).toBe(made)
    })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { inline } from '../../../../test/openid-provider.ts'
import { csrfOf, freshEmail, identitiesWith, Person, password } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'

describe.each(dsns)('tests of a provider on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith()
  })
  afterAll(() => social.close())

  const create = (at = project, providerId: unknown = 'acme') =>
    at.call('POST', '/admin/test-login-flows', { json: { provider_id: providerId } })

  async function run(
    claims: { sub: string; email?: string; name?: string },
    at = project,
    query?: Record<string, string>,
  ) {
    const { body: flow } = await create(at)
    const admin = new Person(at)
    const sent = await admin.submit('login', flow, { provider: 'acme' })
    const state = new URL(sent.body.redirect_browser_to).searchParams.get('state') ?? ''
    const code = social.acme.codeFor(claims)
    const answer = await social.comeBack(admin, { state, code, ...query })
    const read = (person: Person) => person.call('GET', `/self-service/login/flows?id=${flow.id}`)
    return { admin, flow, answer, read, payload: (await read(admin)).body.test_context?.debug_payload }
  }

  test('show what the provider says, and sign nobody in', async () => {
    const claims = { sub: freshSubject(), email: freshEmail(), name: 'Ada' }
    const { admin, flow, answer, payload } = await run(claims)
    expect([flow.test_context, flow.ui.nodes.length]).toEqual([{ provider_id: 'acme' }, 2])
    expect([answer.status, await admin.whoami()]).toEqual([303, undefined])
    expect(await identitiesWith(project, claims.email)).toEqual([])
    expect(payload).toMatchObject({
      id_token_claims: claims,
      jsonnet_input: claims,
      jsonnet_output: { identity: { traits: { email: claims.email }, metadata_public: { name: 'Ada' } } },
    })
    expect(payload.error).toBeUndefined()
    expect(JSON.stringify(payload)).not.toMatch(/refresh|eyJhbGci/)
  })

  test.each<[string, object, Record<string, string>, object]>([
    ['the provider refused', {}, { error: 'access_denied' }, { step: 'authorize', reason: 'access_denied' }],
    ['the code is not valid', {}, { code: 'nonsense' }, { step: 'token_exchange', reason: 'upstream_error' }],
    ['the token is not valid', { aud: 'other' }, {}, { step: 'claims_decode', reason: 'id_token_invalid' }],
    ['the traits are not valid', {}, {}, { step: 'schema_validate', reason: 'traits_invalid' }],
  ])('say that %s', async (_name, claims, query, error) => {
    const { payload } = await run({ sub: freshSubject(), ...claims }, project, query)
    expect(payload.error).toMatchObject(error)
  })

  test('say why the mapper failed', async () => {
    const at = await social.projectWith({ mapper_url: inline("{ identity: std.extVar('claims').nothing }") })
    const { payload } = await run({ sub: freshSubject() }, at)
    expect([payload.error.step, payload.jsonnet_stderr]).toEqual([
      'jsonnet_evaluate',
      expect.stringContaining('nothing'),
    ])
  })

  test('are shown to, and deleted by, the browser that made them only', async () => {
    const { flow, admin, read } = await run({ sub: freshSubject(), email: freshEmail() })
    const stranger = new Person(project)
    const remove = (person: Person, id = flow.id) => person.call('DELETE', `/self-service/login/test?id=${id}`)
    expect([(await read(stranger)).status, (await remove(stranger)).status]).toEqual([403, 403])
    expect([(await read(admin)).status, (await remove(admin)).status, (await remove(admin)).status]).toEqual([
      200, 204, 404,
    ])
    const { body: unused } = await create()
    expect((await remove(stranger, unused.id)).status).toBe(204)
    const usual = await stranger.begin('login')
    expect((await remove(stranger, usual.id)).status).toBe(404)
  })

  test('need the token of their form, their provider and their method', async () => {
    const { body: flow } = await create()
    const person = new Person(project)
    const submit = async (fields: object) => (await person.submit('login', flow, fields)).status
    expect(await submit({ provider: 'acme', csrf_token: 'wrong' })).toBe(403)
    expect(await submit({ provider: 'other' })).toBe(404)
    const email = freshEmail()
    await new Person(project, 'api').signUp(email)
    expect(await submit({ method: 'password', identifier: email, password })).toBe(400)
    expect([await person.whoami(), csrfOf(flow).length]).toEqual([undefined, 43])
  })

  test('are made by administrators, of providers that there are', async () => {
    const answers = await Promise.all([create(project, 'other'), create(project, ''), create(project, 7)])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 400])
    const open = await project.call('POST', '/admin/test-login-flows', { json: { provider_id: 'acme' }, token: null })
    expect(open.status).toBe(401)
  })
})

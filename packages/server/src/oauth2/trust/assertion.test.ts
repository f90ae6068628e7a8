import type { ApiError } from '@latchkey/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import {
  issuer,
  issuerKey,
  key,
  trustPath as path,
  stranger,
  trusted,
  trustRoutes,
} from '../../../test/trusted-issuers.ts'
import { signingKeyFrom, signJwt } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { requireAssertion } from './assertion.ts'

const endpoint = 'https://auth.example.org/oauth2/token'

describe.each(dsns)('assertions of trusted issuers on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, trustRoutes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
  })

  const post = (json: object) => project.call('POST', path, { json })
  const trust = async (more: object = {}) => (await post({ ...trusted, ...more })).body

  const now = () => app.clock.now() / 1000
  const claims = (more: object = {}) => ({
    ...{ iss: issuer, sub: 'ada', aud: endpoint, iat: now(), exp: now() + 300, jti: `${Math.random()}` },
    ...more,
  })
  const sign = async (more: object = {}, { by = key, headers = {} } = {}) =>
    signJwt(await signingKeyFrom(JSON.stringify(by.private)), claims(more), headers)

  function configured(jwt: object = {}, { ctx } = project): Context {
    const oauth2 = {
      urls: { self: { public: 'https://auth.example.org/' } },
      webfinger: { oidc_discovery: { token_url: 'https://other.example.org/token' } },
      strategies: { scope: 'exact' },
      oauth2: { grant: { jwt: { jti_optional: false, iat_optional: false, max_ttl: 3_600_000, ...jwt } } },
    }
    return Object.assign(Object.create(ctx), { config: { ...ctx.config, oauth2 } })
  }
  const redeem = (assertion: string, { scope = [] as string[], ctx = configured() } = {}) =>
    requireAssertion(ctx, assertion, scope).catch((error: ApiError) => error.id)

  test('by their claims, once', async () => {
    await trust()
    const assertion = await sign({ aud: [endpoint, 'https://api.example.org'] })
    const results = await Promise.all(Array.from({ length: 50 }, () => redeem(assertion, { scope: ['read'] })))
    const granted = results.filter((one) => typeof one !== 'string')
    expect(granted).toEqual([{ subject: 'ada', audience: [endpoint, 'https://api.example.org'] }])
    expect(results.filter((one) => one === 'jti_known')).toHaveLength(49)
  })

  test('at the configured address of the token endpoint as well', async () => {
    await trust()
    expect(await redeem(await sign({ aud: 'https://other.example.org/token' }))).toMatchObject({ subject: 'ada' })
  })

  test('only within the scopes that they are trusted for; a refusal spends nothing', async () => {
    await trust()
    const assertion = await sign()
    expect(await redeem(assertion, { scope: ['read', 'write'] })).toBe('invalid_scope')
    expect(await redeem(assertion, { scope: ['photos'] })).toMatchObject({ subject: 'ada' })
  })

  test.each<[string, object]>([
    ['another subject', { sub: 'eve' }],
    ['no subject', { sub: undefined }],
    ['the empty subject', { sub: '' }],
    ['another issuer', { iss: 'https://stranger.example.org' }],
    ['no issuer', { iss: undefined }],
    ['a list as issuer', { iss: [issuer] }],
    ['another audience', { aud: 'https://elsewhere.example.org' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['a text as expiry', { exp: '4102444800' }],
    ['an expiry in the past', { exp: Date.UTC(2026, 0, 1) / 1000 }],
    ['an expiry far away', { exp: Date.UTC(2026, 0, 2) / 1000 }],
    ['an expiry far away, issued later', { exp: Date.UTC(2026, 0, 2) / 1000, iat: Date.UTC(2026, 0, 2) / 1000 - 60 }],
    ['a start in the future', { nbf: Date.UTC(2026, 0, 1, 0, 1) / 1000 }],
    ['a text as its start', { nbf: 'now' }],
    ['no issue date', { iat: undefined }],
    ['no ID', { jti: undefined }],
    ['a number as ID', { jti: 7 }],
  ])('but not with %s', async (_, more) => {
    await trust()
    expect(await redeem(await sign(more))).toBe('invalid_grant')
  })

  test('but not with other keys, algorithms, or malformed', async () => {
    await trust()
    const [header, payload] = (await sign()).split('.')
    const unsigned = Buffer.from('{"alg":"none","kid":"key"}').toString('base64url')
    for (const one of [
      'rubbish',
      'a.b.c',
      `${header}.${payload}.`,
      `${unsigned}.${payload}.`,
      `a${'.'.repeat(70_000)}`,
    ])
      expect(await redeem(one)).toBe('invalid_grant')
    expect(await redeem(await sign({}, { by: stranger }))).toBe('invalid_grant')
    expect(await redeem(await sign({}, { by: issuerKey('key', 'P-384') }))).toBe('invalid_grant')
    expect(await redeem(await sign({}, { headers: { kid: 'other' } }))).toBe('invalid_grant')
    expect(await redeem('')).toBe('invalid_request')
  })

  test('without a key ID, by any key that is trusted for them', async () => {
    const second = issuerKey('second')
    await trust()
    await trust({ jwk: second.jwk, scope: ['write'] })
    const assertion = await sign({}, { by: second, headers: { kid: undefined } })
    expect(await redeem(assertion, { scope: ['read'] })).toBe('invalid_scope')
    expect(await redeem(assertion, { scope: ['write'] })).toMatchObject({ subject: 'ada' })
  })

  test('of any name, if they are trusted so; what is said of a name counts first', async () => {
    await trust()
    await trust({ subject: undefined, allow_any_subject: true, scope: ['any'] })
    expect(await redeem(await sign({ sub: 'eve' }), { scope: ['any'] })).toMatchObject({ subject: 'eve' })
    expect(await redeem(await sign({ sub: 'eve' }), { scope: ['read'] })).toBe('invalid_scope')
    expect(await redeem(await sign(), { scope: ['read'] })).toMatchObject({ subject: 'ada' })
  })

  test('until the trust expires or is revoked, in their project only', async () => {
    const { id } = await trust({ expires_at: new Date(app.clock.now() + 60_000).toISOString() })
    expect(await redeem(await sign())).toMatchObject({ subject: 'ada' })
    const other = await app.project()
    expect(await redeem(await sign(), { ctx: configured({}, other) })).toBe('invalid_grant')
    app.clock.advance(60_000)
    expect(await redeem(await sign())).toBe('invalid_grant')
    await project.call('DELETE', `${path}/${id}`)
    const { id: again } = await trust()
    expect(await redeem(await sign())).toMatchObject({ subject: 'ada' })
    await project.call('DELETE', `${path}/${again}`)
    expect(await redeem(await sign())).toBe('invalid_grant')
  })

  test('without an ID and an issue date, if that is configured', async () => {
    await trust()
    const ctx = configured({ jti_optional: true, iat_optional: true })
    const assertion = await sign({ jti: undefined, iat: undefined })
    for (let i = 0; i < 2; i++) expect(await redeem(assertion, { ctx })).toMatchObject({ subject: 'ada' })
    const identified = await sign({ iat: undefined })
    expect(await redeem(identified, { ctx })).toMatchObject({ subject: 'ada' })
    expect(await redeem(identified, { ctx })).toBe('jti_known')
    expect(await redeem(await sign({ jti: undefined, exp: now() + 7200 }), { ctx })).toBe('invalid_grant')
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestAnswer, type TestProject } from '../../../test/app.ts'
import {
  accept,
  agree,
  authorize,
  browserAt,
  callback,
  createClient,
  isActive,
  locationOf,
  post,
  routes,
  type TestClient,
  tokenRequest,
  tokensOf,
} from '../../../test/oauth2-flows.ts'

const hourMs = 3_600_000
const times = <T>(count: number, run: () => Promise<T>) => Promise.all(Array.from({ length: count }, run))
const winners = (answers: TestAnswer[]) => answers.filter(({ status }) => status === 200)

describe.each(dsns)('what is redeemed once on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    client = await createClient(project)
  })

  const newCode = async (query: object = {}) =>
    (await authorize(project, client, { query })).searchParams.get('code') ?? ''
  const redeem = (code: string, more: object = {}) =>
    tokenRequest(project, client, { grant_type: 'authorization_code', code, redirect_uri: callback, ...more })
  const refresh = (token: string, of = client) =>
    tokenRequest(project, of, { grant_type: 'refresh_token', refresh_token: token })

  describe('an authorization code', () => {
    test('of fifty simultaneous redemptions leads one to tokens, which the others revoke', async () => {
      const code = await newCode()
      const answers = await times(50, () => redeem(code))
      const [won, ...others] = winners(answers)
      expect(others).toEqual([])
      expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49)
      expect(await isActive(project, won?.body.access_token)).toBe(false)
      expect((await refresh(won?.body.refresh_token)).body.error).toBe('invalid_grant')
    })

    test('is worth nothing to another client', async () => {
      const other = await createClient(project)
      const code = await newCode()
      const stolen = { grant_type: 'authorization_code', code, redirect_uri: callback }
      expect((await tokenRequest(project, other, stolen)).body.error).toBe('invalid_grant')
    })

    test('is worth nothing in another project', async () => {
      const elsewhere = await app.project()
      const same = await createClient(elsewhere, { ...client })
      const code = await newCode()
      const stolen = { grant_type: 'authorization_code', code, redirect_uri: callback }
      expect((await tokenRequest(elsewhere, same, stolen)).body.error).toBe('invalid_grant')
      expect((await redeem(code)).status).toBe(200)
    })

    test('needs the redirect URI of the request', async () => {
      const answer = await redeem(await newCode(), { redirect_uri: 'https://app.example.org/other' })
      expect(answer.body.error).toBe('invalid_grant')
    })

    test('expires', async () => {
      const code = await newCode()
      app.clock.advance(hourMs)
      expect((await redeem(code)).body.error).toBe('invalid_grant')
    })

    test('with a code challenge is spent by a wrong code verifier', async () => {
      const verifier = 'a'.repeat(43)
      const challenge = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA'
      const code = await newCode({ code_challenge: challenge, code_challenge_method: 'S256' })
      expect((await redeem(code, { code_verifier: 'b'.repeat(43) })).body.error).toBe('invalid_grant')
      expect((await redeem(code, { code_verifier: verifier })).body.error).toBe('invalid_grant')
      const second = await newCode({ code_challenge: challenge, code_challenge_method: 'S256' })
      expect((await redeem(second, { code_verifier: verifier })).status).toBe(200)
    })
  })

  describe('a refresh token', () => {
    test('of fifty simultaneous redemptions leads one to tokens, and reuse revokes the family', async () => {
      const { body } = await tokensOf(project, client)
      const answers = await times(50, () => refresh(body.refresh_token))
      expect(winners(answers)).toHaveLength(1)
      const [won] = winners(answers)
      expect(await isActive(project, won?.body.access_token)).toBe(false)
      expect((await refresh(won?.body.refresh_token)).status).toBe(400)
    })

    test('is worth nothing to another client, and stays valid for its own', async () => {
      const other = await createClient(project)
      const { body } = await tokensOf(project, client)
      expect((await refresh(body.refresh_token, other)).body.error).toBe('invalid_grant')
      expect((await refresh(body.refresh_token)).status).toBe(200)
    })

    test('replaces the access token that it came with', async () => {
      const { body } = await tokensOf(project, client)
      const { body: next } = await refresh(body.refresh_token)
      expect(await isActive(project, body.access_token)).toBe(false)
      expect(await isActive(project, next.access_token)).toBe(true)
    })

    test('is gone once it is revoked, with its access token', async () => {
      const { body } = await tokensOf(project, client)
      const { client_id, client_secret } = client
      await post(project, '/oauth2/revoke', { client_id, client_secret, token: body.refresh_token })
      expect(await isActive(project, body.access_token)).toBe(false)
      expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
    })
  })

  test('a device code of fifty simultaneous redemptions leads one to tokens', async () => {
    const { client_id, client_secret } = client
    const { body: device } = await post(project, '/oauth2/device/auth', {
      ...{ client_id, client_secret },
      scope: 'openid offline_access',
    })
    const poll = () =>
      tokenRequest(project, client, {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: device.device_code,
      })
    expect((await poll()).body.error).toBe('authorization_pending')
    const browser = browserAt(project)
    const page = locationOf(await browser.get('/oauth2/device/verify'))
    const challenge = page.searchParams.get('device_challenge')
    const { body: entered } = await project.call(
      'PUT',
      `/admin/oauth2/auth/requests/device/accept?device_challenge=${challenge}`,
      { json: { user_code: device.user_code } },
    )
    const login = locationOf(await browser.get(entered.redirect_to)).searchParams.get('login_challenge') ?? ''
    const { body: loggedIn } = await accept(project, 'login', login, { subject: 'ada' })
    await agree(project, browser, { url: loggedIn.redirect_to, consent: {} })
    expect(winners(await times(50, poll))).toHaveLength(1)
  })
})

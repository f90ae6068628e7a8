import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderCase as Case, cases, token } from '../../../../../test/provider-answers.ts'
import { openHosts } from '../../../../../test/provider-hosts.ts'
import type { ProviderConfig } from '../config.ts'
import { mapperClaims } from './claims.ts'

let hosts: Awaited<ReturnType<typeof openHosts>>
beforeAll(async () => {
  hosts = await openHosts()
})
afterAll(() => hosts.close())

test.each(Object.entries(cases))('%s says who somebody is', async (provider, one) => {
  hosts.answer({ [one.token]: one.tokenAnswer ?? token, ...one.says })
  const config = { scope: [], ...one.config, provider: provider as ProviderConfig['provider'] }
  const { url, vouched } = await hosts.signIn(config)
  expect(`${url.origin}${url.pathname}`).toBe(one.authorization)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    ...{ response_type: 'code', client_id: 'client', state: 'a-state', redirect_uri: 'https://id.example/callback' },
    ...one.parameters,
  })
  expect(hosts.formAt(one.token)).toMatchObject({ code: 'a-code', redirect_uri: 'https://id.example/callback' })
  expect(mapperClaims(vouched.claims)).toEqual(one.claims)
  expect(vouched.tokens?.accessToken).toBe('the-token')
  // The access token is never in a URL, where it would be logged.
  expect(hosts.asked.map((asked) => asked.url.href).join()).not.toContain('the-token')
})

test.each(['github', 'discord', 'slack', 'spotify'] as const)('%s must grant what is needed', async (provider) => {
  const one = cases[provider] as Case
  hosts.answer({ [one.token]: { ...token, scope: 'something' } })
  await expect(hosts.signIn({ ...one.config, provider })).rejects.toThrow('did not grant')
})

test('facebook gets a proof that the token was not taken from elsewhere', async () => {
  const one = cases.facebook as Case
  hosts.answer({ [one.token]: token, ...one.says })
  await hosts.signIn({ ...one.config, provider: 'facebook' })
  const proof = createHmac('sha256', 'client secret+').update('the-token').digest('hex')
  expect(hosts.asked.at(-1)?.url.searchParams.get('appsecret_proof')).toBe(proof)
})

test('dingtalk exchanges codes by JSON', async () => {
  hosts.answer({
    'api.dingtalk.com/v1.0/oauth2/userAccessToken': { accessToken: 'ding', refreshToken: 'dong', expireIn: 7200 },
    'api.dingtalk.com/v1.0/contact/users/me': {
      nick: 'zhangsan',
      openId: '123',
      avatarUrl: 'https://x/a',
      email: 'z@x.example',
    },
  })
  const { url, vouched } = await hosts.signIn(
    { provider: 'dingtalk', scope: ['openid'] },
    { code: '', authCode: 'ding-code' },
  )
  expect([url.host, url.searchParams.get('prompt')]).toEqual(['login.dingtalk.com', 'consent'])
  const [exchange, person] = hosts.asked.slice(-2)
  expect(JSON.parse(exchange?.text ?? '')).toEqual({
    ...{ clientId: 'client', clientSecret: 'client secret+', code: 'ding-code', grantType: 'authorization_code' },
  })
  expect(person?.headers['x-acs-dingtalk-access-token']).toBe('ding')
  expect(mapperClaims(vouched.claims)).toEqual({
    iss: 'https://api.dingtalk.com/v1.0/contact/users/me',
    ...{ sub: '123', nickname: 'zhangsan', name: 'zhangsan', picture: 'https://x/a', email: 'z@x.example' },
  })
})

test('amazon takes only scopes that it has', async () => {
  const { amazon } = await import('./amazon.ts')
  expect(amazon.check?.(hosts.callTo({ scope: ['openid'] }).config)).toContain('profile')
  expect(amazon.check?.(hosts.callTo({ scope: ['profile'] }).config)).toBeUndefined()
})

test('an answer that cannot be used is a failure of the provider', async () => {
  const one = cases.slack as Case
  hosts.answer({ [one.token]: one.tokenAnswer ?? token, 'slack.com/api/users.identity': { ok: false, error: 'x' } })
  await expect(hosts.signIn({ ...one.config, provider: 'slack' })).rejects.toMatchObject({ code: 502 })
  hosts.answer({ [one.token]: { ok: false, error: 'invalid_code' } })
  await expect(hosts.signIn({ ...one.config, provider: 'slack' })).rejects.toMatchObject({ code: 502 })
})

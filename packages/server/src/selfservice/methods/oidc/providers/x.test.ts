import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHosts } from '../../../../../test/provider-hosts.ts'
import { mapperClaims } from './claims.ts'
import { providerOf } from './index.ts'

let hosts: Awaited<ReturnType<typeof openHosts>>
beforeAll(async () => {
  hosts = await openHosts()
  hosts.answer({
    'api.twitter.com/oauth/request_token': 'oauth_token=request&oauth_token_secret=rs&oauth_callback_confirmed=true',
    'api.twitter.com/oauth/access_token': 'oauth_token=access&oauth_token_secret=as&user_id=6253282&screen_name=dev',
    'api.twitter.com/1.1/account/verify_credentials.json': {
      ...{ id_str: '6253282', name: 'Developer', screen_name: 'dev', email: 'd@x.example', url: null },
      profile_image_url_https: 'https://x/p.png',
    },
  })
})
afterAll(() => hosts.close())

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** The parameters of an Authorization header (RFC 5849, section 3.5.1). */
function oauthIn(header = ''): Record<string, string> {
  const pairs = [...header.matchAll(/(\w+)="([^"]*)"/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]))
}

test('x says who somebody is, by requests that are signed', async () => {
  const { url, vouched } = await hosts.signIn(
    { provider: 'x', scope: ['email'] },
    { oauth_token: 'request', oauth_verifier: 'verifier', code: '' },
  )
  expect(url.href).toBe('https://api.twitter.com/oauth/authenticate?oauth_token=request')
  expect(mapperClaims(vouched.claims)).toEqual({
    iss: 'https://api.twitter.com/1.1/account/verify_credentials.json?include_email=true',
    ...{
      sub: '6253282',
      name: 'Developer',
      preferred_username: 'dev',
      email: 'd@x.example',
      picture: 'https://x/p.png',
    },
  })
  const [first, second, third] = hosts.asked.slice(-3)
  expect(oauthIn(first?.headers.authorization).oauth_callback).toBe('https://id.example/callback?state=a-state')
  expect(oauthIn(second?.headers.authorization)).toMatchObject({ oauth_token: 'request', oauth_verifier: 'verifier' })
  const { oauth_signature: signature, ...signed } = oauthIn(third?.headers.authorization)
  const pairs = Object.entries({ ...signed, include_email: 'true' }).map(([n, v]) => `${encode(n)}=${encode(v)}`)
  const place = 'https://api.twitter.com/1.1/account/verify_credentials.json'
  const base = `GET&${encode(place)}&${encode(pairs.sort().join('&'))}`
  expect(signature).toBe(
    createHmac('sha1', `${encode('client secret+')}&as`)
      .update(base)
      .digest('base64'),
  )
})

test.each([
  ['of another request', { oauth_token: 'other', oauth_verifier: 'v' }],
  ['without a verifier', { oauth_token: 'request' }],
  ['that says no', { denied: 'request' }],
])('x refuses a response %s', async (_, returned) => {
  await expect(hosts.signIn({ provider: 'x' }, returned as Record<string, string>)).rejects.toMatchObject({ code: 400 })
})

test('x has no ID tokens', () => {
  expect(providerOf({ provider: 'x' }).verifyIdToken).toBeUndefined()
})

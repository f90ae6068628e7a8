import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHosts } from '../../../../../test/provider-hosts.ts'
import type { ProviderConfig } from '../config.ts'
import { apple } from './apple.ts'
import { google } from './google.ts'
import { providerOf } from './index.ts'

const keysOf = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const own = keysOf()
const stranger = keysOf()
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwks = { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] }
const tenant = '9188040d-6c67-4c5b-b112-36a304b66dad'

let hosts: Awaited<ReturnType<typeof openHosts>>
beforeAll(async () => {
  hosts = await openHosts()
})
afterAll(() => hosts.close())

function sign(claims: object, { key = own.privateKey, header = {} }: { key?: KeyObject; header?: object } = {}) {
  const head = `${encode({ alg: 'RS256', kid: 'one', ...header })}.${encode(claims)}`
  return `${head}.${createSign('RSA-SHA256').update(head).sign(key, 'base64url')}`
}

function usual(issuer: string, more: object = {}) {
  const now = Math.floor(hosts.clock.now() / 1000)
  return { iss: issuer, aud: 'client', sub: 'ada', iat: now, exp: now + 600, ...more }
}

function metadataOf(issuer: string, more: object = {}) {
  const base = issuer.replace(/\/$/, '')
  return {
    issuer,
    authorization_endpoint: `${base}/auth`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/keys`,
    userinfo_endpoint: `${base}/userinfo`,
    id_token_signing_alg_values_supported: ['RS256'],
    ...more,
  }
}

/** An issuer that answers with the token that a test makes of the nonce that was sent. */
function issue(issuer: string, make: (nonce: string | undefined) => string, more: object = {}) {
  const place = issuer.replace(/^https:\/\//, '').replace(/\/$/, '')
  let nonce: string | undefined
  hosts.answer({
    [`${place}/.well-known/openid-configuration`]: metadataOf(issuer, more),
    [`${place}/keys`]: jwks,
    [`${place}/token`]: () => ({ access_token: 'a', token_type: 'Bearer', id_token: make(nonce) }),
  })
  return {
    async signIn(config: Partial<ProviderConfig>, returned: Record<string, string> = {}) {
      const at = hosts.callTo({ issuer_url: issuer, ...config })
      const provider = providerOf(at.config)
      const { url, kept } = await provider.begin(at, { state: 's', isForced: false, parameters: {} })
      nonce = new URL(url).searchParams.get('nonce') ?? undefined
      const query = new URLSearchParams({ code: 'c', state: 's', ...returned })
      return { url: new URL(url), vouched: await provider.complete(at, query, kept) }
    },
  }
}

let issuers = 0
const freshIssuer = () => `https://op-${++issuers}.example`

describe('an ID token', () => {
  const attempt = (make: (issuer: string) => string, config: Partial<ProviderConfig> = {}, more: object = {}) => {
    const issuer = freshIssuer()
    return issue(issuer, () => make(issuer), more).signIn(config)
  }

  test('that is proper is accepted', async () => {
    const { vouched } = await attempt((issuer) => sign(usual(issuer, { acr: 'gold', amr: ['mfa', 7] })))
    expect(vouched).toMatchObject({ claims: { sub: 'ada' }, assurance: { acr: 'gold', amr: ['mfa'] } })
  })

  const hmac = (issuer: string) => {
    const head = `${encode({ alg: 'HS256', kid: 'one' })}.${encode(usual(issuer))}`
    return `${head}.${createHmac('sha256', 'client secret+').update(head).digest('base64url')}`
  }
  test.each<[string, (issuer: string) => string]>([
    ['a stranger signed', (issuer) => sign(usual(issuer), { key: stranger.privateKey })],
    ['nobody signed', (issuer) => `${encode({ alg: 'none' })}.${encode(usual(issuer))}.`],
    ['is signed with the client secret', hmac],
    ['has an unknown key', (issuer) => sign(usual(issuer), { header: { kid: 'two' } })],
    [
      'brings its own key',
      (issuer) =>
        sign(usual(issuer), {
          key: stranger.privateKey,
          header: { jwk: stranger.publicKey.export({ format: 'jwk' }) },
        }),
    ],
    ['is of another issuer', () => sign(usual('https://evil.example'))],
    ['is for another client', (issuer) => sign(usual(issuer, { aud: 'other' }))],
    ['is for several clients', (issuer) => sign(usual(issuer, { aud: ['client', 'other'] }))],
    ['was asked for by another client', (issuer) => sign(usual(issuer, { azp: 'other' }))],
    ['has expired', (issuer) => sign(usual(issuer, { exp: Math.floor(hosts.clock.now() / 1000) - 120 }))],
    ['never expires', (issuer) => sign(usual(issuer, { exp: undefined }))],
    ['is not valid yet', (issuer) => sign(usual(issuer, { nbf: Math.floor(hosts.clock.now() / 1000) + 600 }))],
    ['is about nobody', (issuer) => sign(usual(issuer, { sub: undefined }))],
    ['is too long', (issuer) => sign(usual(issuer, { x: 'x'.repeat(40_000) }))],
    ['is no token', () => 'no token'],
    ['is missing', () => ''],
  ])('that %s is refused', async (_name, make) => {
    await expect(attempt(make)).rejects.toMatchObject({ code: 400 })
  })

  test('must have the nonce that was sent', async () => {
    const issuer = freshIssuer()
    const more = { claims_supported: ['sub', 'nonce'] }
    const good = issue(issuer, (nonce) => sign(usual(issuer, { nonce })), more)
    const { url } = await good.signIn({})
    expect(url.searchParams.get('nonce')).toMatch(/^\w{32}$/)
    for (const nonce of ['another', undefined]) {
      const bad = issue(issuer, () => sign(usual(issuer, { nonce })), more)
      await expect(bad.signIn({})).rejects.toMatchObject({ code: 400 })
    }
  })

  test('is verified with new keys of the provider, which are not read without end', async () => {
    const issuer = freshIssuer()
    const place = `${issuer.slice(8)}/keys`
    const provider = issue(issuer, () => sign(usual(issuer)))
    const reads = () => hosts.asked.filter(({ url }) => `${url.host}${url.pathname}` === place).length
    hosts.answer({ [place]: { keys: [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }] } })
    await expect(provider.signIn({})).rejects.toMatchObject({ code: 400 })
    hosts.answer({ [place]: jwks })
    expect((await provider.signIn({})).vouched.claims.sub).toBe('ada')
    const forged = issue(issuer, () => sign(usual(issuer), { key: stranger.privateKey }))
    const before = reads()
    for (let i = 0; i < 20; i++) await expect(forged.signIn({})).rejects.toMatchObject({ code: 400 })
    expect(reads() - before).toBeLessThanOrEqual(10)
  })
})

describe('a generic provider', () => {
  test('is protected by PKCE where it says that it can, or where it must', async () => {
    const issuer = freshIssuer()
    const withPkce = issue(issuer, () => sign(usual(issuer)), { code_challenge_methods_supported: ['S256'] })
    const { url } = await withPkce.signIn({})
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(hosts.formAt(`${issuer.slice(8)}/token`).code_verifier).toMatch(/^\w{64}$/)
    expect((await withPkce.signIn({ pkce: 'never' })).url.searchParams.has('code_challenge')).toBe(false)
    const other = freshIssuer()
    const without = issue(other, () => sign(usual(other)))
    expect((await without.signIn({})).url.searchParams.has('code_challenge')).toBe(false)
    expect((await without.signIn({ pkce: 'force' })).url.searchParams.has('code_challenge')).toBe(true)
  })

  test('takes its claims from the userinfo response if configured, if that is about the same person', async () => {
    const issuer = freshIssuer()
    const place = `${issuer.slice(8)}/userinfo`
    const provider = issue(issuer, () => sign(usual(issuer)))
    hosts.answer({ [place]: { sub: 'ada', email: 'ada@x.example' } })
    const { vouched } = await provider.signIn({ claims_source: 'userinfo' })
    expect(vouched.claims).toMatchObject({ iss: issuer, sub: 'ada', email: 'ada@x.example' })
    hosts.answer({ [place]: { sub: 'mallory', email: 'ada@x.example' } })
    await expect(provider.signIn({ claims_source: 'userinfo' })).rejects.toMatchObject({ code: 400 })
  })

  test('is not taken for another one that answers in its place', async () => {
    const issuer = freshIssuer()
    const provider = issue(issuer, () => sign(usual(issuer)), { authorization_response_iss_parameter_supported: true })
    expect((await provider.signIn({}, { iss: issuer })).vouched.claims.sub).toBe('ada')
    for (const returned of [{ iss: 'https://evil.example' }, {}] as Record<string, string>[])
      await expect(provider.signIn({}, returned)).rejects.toMatchObject({ code: 400 })
  })

  test.each<[string, (issuer: string) => object]>([
    ['of another issuer', () => ({ issuer: 'https://evil.example' })],
    ['with a token endpoint that is not encrypted', () => ({ token_endpoint: 'http://10.0.0.1/token' })],
    ['without keys', () => ({ jwks_uri: undefined })],
    ['with a file as keys', () => ({ jwks_uri: 'file:///etc/passwd' })],
  ])('is not used with metadata %s', async (_name, more) => {
    const issuer = freshIssuer()
    const provider = issue(issuer, () => sign(usual(issuer)), more(issuer))
    await expect(provider.signIn({})).rejects.toMatchObject({ code: 502 })
  })

  test('can be asked for claims', async () => {
    const issuer = freshIssuer()
    const provider = issue(issuer, () => sign(usual(issuer)))
    const { url } = await provider.signIn({ requested_claims: { id_token: { email: { essential: true } } } })
    expect(JSON.parse(url.searchParams.get('claims') ?? '')).toEqual({ id_token: { email: { essential: true } } })
  })
})

test('google gives refresh tokens by a parameter, and its tokens for apps can be verified', async () => {
  const issuer = 'https://accounts.google.com'
  const { signIn } = issue(issuer, (nonce) => sign(usual(issuer, { nonce })))
  const { url } = await signIn({ provider: 'google', scope: ['email', 'offline_access'] })
  expect([url.searchParams.get('scope'), url.searchParams.get('access_type')]).toEqual(['email openid', 'offline'])
  hosts.answer({ 'www.googleapis.com/oauth2/v3/certs': jwks })
  const at = hosts.callTo({ provider: 'google', additional_id_token_audiences: ['android'] })
  const verify = (claims: object) => google.verifyIdToken?.(at, sign(usual(issuer, claims)))
  expect((await verify({ aud: 'android', azp: 'phone' }))?.claims.sub).toBe('ada')
  await expect(verify({ aud: 'other' })).rejects.toMatchObject({ code: 400 })
})

test('apple gets a client secret that is signed anew, and says the name in the form', async () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const config: Partial<ProviderConfig> = {
    ...{ provider: 'apple', client_secret: '', scope: ['email', 'name'] },
    ...{ apple_team_id: 'TEAM', apple_private_key_id: 'KEY' },
    apple_private_key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  }
  expect(apple.check?.(hosts.callTo(config).config)).toBeUndefined()
  expect(apple.check?.(hosts.callTo({ ...config, apple_private_key: 'none' }).config)).toContain('P-256')
  const issuer = 'https://appleid.apple.com'
  let nonce = ''
  hosts.answer({
    'appleid.apple.com/auth/keys': jwks,
    'appleid.apple.com/auth/token': () => ({
      access_token: 'a',
      id_token: sign(usual(issuer, { nonce, email_verified: 'true' })),
    }),
  })
  const at = hosts.callTo(config)
  const { url, kept } = await apple.begin(at, { state: 's', isForced: false, parameters: {} })
  nonce = new URL(url).searchParams.get('nonce') ?? ''
  expect(new URL(url).searchParams.get('response_mode')).toBe('form_post')
  const user = JSON.stringify({ name: { firstName: 'Ada', lastName: 'Lovelace' }, email: 'mallory@x.example' })
  const { claims } = await apple.complete(at, new URLSearchParams({ code: 'c', user }), kept)
  expect(claims).toMatchObject({
    given_name: 'Ada',
    family_name: 'Lovelace',
    last_name: 'Lovelace',
    email_verified: true,
  })
  expect(claims.email).toBeUndefined()
  const secret = hosts.formAt('appleid.apple.com/auth/token').client_secret ?? ''
  expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY' })
  expect(decodeJwt(secret)).toMatchObject({ iss: 'TEAM', sub: 'client', aud: issuer })
})

test('apple may leave the nonce out only where its token says that it supports none', () => {
  const mayLack = (raw: object) =>
    apple.mayLackNonce?.({ iss: 'apple', sub: 'ada', raw_claims: raw as Record<string, unknown> })
  expect([{ nonce_supported: false }, { nonce_supported: true }, {}].map(mayLack)).toEqual([true, false, false])
})

test.each([
  ['userinfo', 'ada'],
  ['oid', 'object-1'],
  ['me', 'graph-1'],
] as const)('microsoft takes the subject from %s', async (source, subject) => {
  const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`
  const place = 'login.microsoftonline.com'
  let nonce = ''
  const token = () => sign(usual(issuer, { tid: tenant, oid: 'object-1', nonce }))
  hosts.answer({
    [`${place}/${tenant}/v2.0/.well-known/openid-configuration`]: metadataOf(issuer),
    [`${place}/${tenant}/v2.0/keys`]: jwks,
    [`${place}/common/oauth2/v2.0/token`]: () => ({ access_token: 'a', id_token: token() }),
    [`${place}/${tenant.replace('9', '8')}/oauth2/v2.0/token`]: () => ({ access_token: 'a', id_token: token() }),
    'graph.microsoft.com/v1.0/me': { id: 'graph-1' },
  })
  const signIn = async (microsoftTenant: string) => {
    const at = hosts.callTo({ provider: 'microsoft', subject_source: source, microsoft_tenant: microsoftTenant })
    const provider = providerOf(at.config)
    const { url, kept } = await provider.begin(at, { state: 's', isForced: false, parameters: {} })
    nonce = new URL(url).searchParams.get('nonce') ?? ''
    return provider.complete(at, new URLSearchParams({ code: 'c' }), kept)
  }
  expect((await signIn('common')).claims.sub).toBe(subject)
  // A tenant in the configuration admits no other.
  await expect(signIn(tenant.replace('9', '8'))).rejects.toMatchObject({ code: 400 })
})

test('line is asked for keys of its own, and linkedin_v2 for userinfo', async () => {
  const line = issue('https://access.line.me', (nonce) => sign(usual('https://access.line.me', { nonce })))
  expect((await line.signIn({ provider: 'line' })).vouched.claims.sub).toBe('ada')
  expect(hosts.formAt('access.line.me/token').id_token_key_type).toBe('JWK')
  const issuer = 'https://www.linkedin.com/oauth'
  hosts.answer({ 'www.linkedin.com/oauth/userinfo': { sub: 'ada', locale: { language: 'en', country: 'US' } } })
  const { vouched } = await issue(issuer, () => sign(usual(issuer))).signIn({ provider: 'linkedin_v2' })
  expect(vouched.claims).toMatchObject({ sub: 'ada', locale: 'en-US' })
})

test('netid says more in its userinfo response, and exchanges tokens of FedCM', async () => {
  const issuer = 'https://broker.netid.de/'
  hosts.answer({ 'broker.netid.de/userinfo': { sub: 'ada', email: 'ada@netid.de' } })
  const { vouched } = await issue(issuer, () => sign(usual(issuer))).signIn({ provider: 'netid' })
  expect(vouched.claims).toMatchObject({ iss: issuer, sub: 'ada', email: 'ada@netid.de' })
  const at = hosts.callTo({ provider: 'netid', net_id_token_origin_header: 'https://shop.example' })
  expect((await providerOf(at.config).verifyIdToken?.(at, 'fedcm'))?.claims.sub).toBe('ada')
  expect(hosts.formAt('broker.netid.de/token')).toEqual({ grant_type: 'netid_fedcm', fedcm_token: 'fedcm' })
  expect(hosts.asked.filter(({ url }) => url.pathname === '/token').at(-1)?.headers.origin).toBe('https://shop.example')
})

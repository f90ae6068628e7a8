import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadOriginals } from '../configuration/index.ts'
import { keysFrom } from '../kernel/keys.ts'
import { oauth2Cookie } from './cookie.ts'
import { cookieKeys } from './cookie-keys.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(text: string, env: Record<string, string> = {}) {
  const hydra = join(folder, 'hydra.yml')
  await writeFile(hydra, text)
  return (await loadOriginals({ hydra }, env)).config
}

const loadOAuth2 = async (text: string, env?: Record<string, string>) => (await load(text, env)).oauth2

const production = 'urls: { self: { issuer: "https://id.example.org/hydra" } }\n'

describe('the defaults of a Hydra file', () => {
  it('are those of Hydra, with durations in milliseconds', async () => {
    const { ttl, oauth2, strategies, oidc, dev } = await loadOAuth2(production)
    expect(dev).toBe(false)
    expect(ttl).toEqual({
      login_consent_request: 1_800_000,
      authentication_session: 2_592_000_000,
      access_token: 3_600_000,
      refresh_token: 2_592_000_000,
      id_token: 3_600_000,
      auth_code: 600_000,
      device_user_code: 600_000,
    })
    expect(strategies).toEqual({ scope: 'wildcard', access_token: 'opaque', jwt: { scope_claim: 'list' } })
    expect(oidc.subject_identifiers.supported_types).toEqual(['public'])
    expect(oidc.dynamic_client_registration.default_scope).toEqual(['offline_access', 'offline', 'openid'])
    expect(oauth2.hashers).toEqual({ algorithm: 'pbkdf2', bcrypt: { cost: 10 }, pbkdf2: { iterations: 25_000 } })
    expect(oauth2.pkce).toEqual({ enforced: false, enforced_for_public_clients: false })
    expect(oauth2.grant.jwt).toMatchObject({ jti_optional: false, iat_optional: false, max_ttl: 2_592_000_000 })
    expect(oauth2.device_authorization).toMatchObject({ token_polling_interval: 5000, user_code: { length: 8 } })
  })

  it('are overridden by the variables that Hydra reads', async () => {
    const { urls, ttl } = await loadOAuth2('dev: true\n', {
      URLS_SELF_ISSUER: 'http://127.0.0.1:4444',
      TTL_ACCESS_TOKEN: '2h',
    })
    expect(urls.self.issuer).toBe('http://127.0.0.1:4444')
    expect(ttl.access_token).toBe(7_200_000)
  })
})

describe('URLs that are not configured', () => {
  it('are below the issuer, whose spelling stays as it is', async () => {
    const { urls, webfinger } = await loadOAuth2(production)
    const base = 'https://id.example.org/hydra'
    expect(urls.self).toMatchObject({ issuer: base, public: base, admin: 'https://localhost:4445/' })
    expect(urls).toMatchObject({
      login: `${base}/oauth2/fallbacks/login`,
      registration: `${base}/oauth2/fallbacks/login`,
      consent: `${base}/oauth2/fallbacks/consent`,
      logout: `${base}/oauth2/fallbacks/logout`,
      error: `${base}/oauth2/fallbacks/error`,
      post_logout_redirect: `${base}/oauth2/fallbacks/logout/callback`,
      device: { verification: `${base}/oauth2/fallbacks/device`, success: `${base}/oauth2/fallbacks/device/done` },
    })
    expect(webfinger.oidc_discovery).toMatchObject({
      jwks_url: `${base}/.well-known/jwks.json`,
      token_url: `${base}/oauth2/token`,
      auth_url: `${base}/oauth2/auth`,
      userinfo_url: `${base}/userinfo`,
    })
  })

  it('are on the listener if there is no issuer', async () => {
    const listener = 'serve: { public: { host: 127.0.0.1, port: 5444 } }\n'
    expect((await loadOAuth2(listener)).urls.self.issuer).toBe('https://127.0.0.1:5444/')
    expect((await loadOAuth2(`dev: true\n${listener}`)).urls.self.issuer).toBe('http://127.0.0.1:5444/')
  })

  it('have a path at least', async () => {
    const { urls } = await loadOAuth2('urls: { self: { issuer: "https://a.example" }, login: "https://b.example?x=1" }')
    expect(urls.self).toMatchObject({ issuer: 'https://a.example', public: 'https://a.example/' })
    expect(urls).toMatchObject({ login: 'https://b.example/?x=1', registration: 'https://b.example/?x=1' })
  })
})

describe('what Hydra limits', () => {
  const grace = async (settings: string) =>
    (await loadOAuth2(`${production}oauth2: { grant: { refresh_token: ${settings} } }`)).oauth2.grant.refresh_token
      .rotation_grace_period

  it('is limited as well: reuse of refresh tokens, and the time that people are remembered', async () => {
    expect(await grace('{ rotation_grace_period: 1h }')).toBe(300_000)
    expect(await grace('{ rotation_grace_period: 1h, rotation_grace_reuse_count: 2 }')).toBe(3_600_000)
    const { ttl } = await loadOAuth2(`${production}ttl: { authentication_session: 9000h }`)
    expect(ttl.authentication_session).toBe(180 * 24 * 3_600_000)
  })

  it.each([
    ['-1', -1],
    ['"-1"', -1],
    ['48h', 172_800_000],
  ])('lets refresh tokens live for %s', async (text, expected) => {
    expect((await loadOAuth2(`${production}ttl: { refresh_token: ${text} }`)).ttl.refresh_token).toBe(expected)
  })
})

describe('user codes', () => {
  const userCode = async (text: string) =>
    (await loadOAuth2(`${production}oauth2: { device_authorization: { user_code: ${text} } }`)).oauth2
      .device_authorization.user_code

  it('are made by a preset, or by length and characters', async () => {
    expect(await userCode('{ entropy_preset: medium }')).toMatchObject({
      length: 8,
      character_set: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    })
    expect(await userCode('{ entropy_preset: low }')).toEqual({ length: 9, character_set: '0123456789' })
    expect((await userCode('{ entropy_preset: high }')).character_set).not.toMatch(/[0Oo1IlB8S5Z2]/)
    expect(await userCode('{ length: 6, character_set: ABCDEFGH }')).toEqual({ length: 6, character_set: 'ABCDEFGH' })
  })

  it('are refused with both, or with half of one', async () => {
    await expect(userCode('{ entropy_preset: low, length: 6 }')).rejects.toThrow(/user_code\.length/)
    await expect(userCode('{ length: 6 }')).rejects.toThrow(/character_set/)
  })
})

describe('a cookie', () => {
  it('is secure other than in development mode, in which its name says so', async () => {
    expect(oauth2Cookie(await loadOAuth2(production), 'session')).toEqual({
      name: 'ory_hydra_session',
      path: '/',
      domain: undefined,
      secure: true,
      sameSite: 'None',
    })
    const dev = 'dev: true\nserve: { cookies: { paths: { session: /x }, domain: example.org } }\n'
    const config = await loadOAuth2(dev)
    expect(oauth2Cookie(config, 'session')).toEqual({
      name: 'ory_hydra_session_dev',
      path: '/x',
      domain: 'example.org',
      secure: false,
      sameSite: 'Lax',
    })
    expect(oauth2Cookie(config, 'login_csrf').path).toBe('/')
  })

  it('is authenticated by its own secrets, the newest first, or by those of the installation', async () => {
    const keys = keysFrom(Buffer.from('the secret of the installation'))
    const own = await load(`${production}secrets: { cookie: [the newest cookie secret, an older cookie secret] }\n`)
    const made = cookieKeys({ config: own, keys })
    expect(made.macs('x', 'y')).toEqual(
      ['the newest cookie secret', 'an older cookie secret'].map((text) => keysFrom(Buffer.from(text)).mac('x', 'y')),
    )
    expect(cookieKeys({ config: own, keys })).toBe(made)
    expect(cookieKeys({ config: await load(production), keys })).toBe(keys)
  })
})

describe('is refused', () => {
  it.each([
    ['an issuer without HTTPS', 'urls: { self: { issuer: "http://id.example.org" } }', /urls\.self\.issuer.*https/s],
    [
      'a short salt',
      'oidc: { subject_identifiers: { supported_types: [pairwise], pairwise: { salt: short } } }',
      /pairwise\.salt/,
    ],
    ['a missing salt', 'oidc: { subject_identifiers: { supported_types: [public, pairwise] } }', /pairwise/],
    ['a short secret', 'secrets: { system: [short] }', /secrets\.system\.0.*16 characters/s],
    ['TLS without a certificate', 'serve: { tls: { enabled: true } }', /serve\.tls\.enabled/],
    [
      'a certificate that would not be used',
      'serve: { public: { tls: { cert: { path: a.pem }, key: { path: b.pem } } } }',
      /serve\.public\.tls\.enabled.*plain HTTP/s,
    ],
    ['plain HTTP for some addresses', 'serve: { tls: { allow_termination_from: [127.0.0.1/32] } }', /not supported/],
    [
      'a demand for pushed requests while they are off',
      'oauth2: { pushed_requests: { required: true } }',
      /oauth2\.pushed_requests\.enabled.*true, which required needs/s,
    ],
    [
      'a demand for signed requests while they are off',
      'oauth2: { request_objects: { required: true } }',
      /oauth2\.request_objects\.enabled.*true, which required needs/s,
    ],
    ['keys in hardware', 'hsm: { enabled: true }', /hsm\.enabled/],
  ])('%s', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message)
  })
})

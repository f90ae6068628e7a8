import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { IdentityConfig } from '../src/configuration/index.ts'
import { guardedFetch } from '../src/kernel/fetch.ts'
import { loadOidc } from '../src/selfservice/index.ts'
import type { ProviderConfig } from '../src/selfservice/methods/oidc/config.ts'

/** What a code stands for, and how the token of it deviates from a proper one. */
export interface Person {
  sub: string
  [claim: string]: unknown
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An OpenID provider on loopback, whose codes are given out by the test. */
export async function openProvider() {
  let keys = newKeys('key-1')
  const stranger = newKeys('key-1')
  const codes = new Map<string, Person>()
  const asked: { path: string; form: Record<string, string>; headers: IncomingMessage['headers'] }[] = []
  const metadata: Record<string, unknown> = {}
  let issuer = ''
  const sign = (claims: object, key = keys, header: object = {}) => {
    const head = `${encode({ alg: 'RS256', kid: key.kid, typ: 'JWT', ...header })}.${encode(claims)}`
    return `${head}.${createSign('RSA-SHA256').update(head).sign(key.privateKey, 'base64url')}`
  }
  /** An ID token as it should be, with these claims. */
  const claimsOf = (claims: object, nowMs: number) => {
    const now = Math.floor(nowMs / 1000)
    return { iss: issuer, aud: 'client', iat: now, exp: now + 600, ...claims }
  }
  const state = {
    nowMs: Date.now(),
    userinfo: undefined as object | undefined,
    /** Who is signed in at the provider. */
    visitor: undefined as Person | undefined,
  }
  const server = createServer((request, response) => void answer(request, response))
  let counter = 0
  function codeFor(person: Person): string {
    const code = `code-${++counter}`
    codes.set(code, person)
    return code
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const [path = ''] = (request.url ?? '').split('?')
    let text = ''
    for await (const chunk of request) text += chunk
    const form = Object.fromEntries(new URLSearchParams(text))
    asked.push({ path, form, headers: request.headers })
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      response.end(JSON.stringify(body))
    }
    if (path === '/.well-known/openid-configuration') return reply(200, { ...usualMetadata(issuer), ...metadata })
    if (path === '/keys') return reply(200, { keys: [{ ...keys.jwk, alg: 'RS256', use: 'sig' }] })
    if (path === '/auth' && state.visitor) {
      // Somebody who is signed in at the provider already comes back at once.
      const query = new URL(request.url ?? '', issuer).searchParams
      const back = new URL(query.get('redirect_uri') ?? '')
      back.searchParams.set('state', query.get('state') ?? '')
      back.searchParams.set('code', codeFor(state.visitor))
      response.writeHead(303, { location: back.toString(), connection: 'close' })
      return response.end()
    }
    if (path === '/userinfo') return reply(200, state.userinfo ?? {})
    if (path !== '/token') return reply(404, {})
    const person = codes.get(form.code ?? '')
    codes.delete(form.code ?? '')
    if (!person) return reply(400, { error: 'invalid_grant' })
    const idToken = person.token ?? sign(claimsOf(person, state.nowMs), person.forged ? stranger : keys)
    reply(200, { access_token: 'access', refresh_token: 'refresh', token_type: 'bearer', id_token: idToken })
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    asked,
    metadata,
    state,
    sign,
    claimsOf: (claims: object) => claimsOf(claims, state.nowMs),
    stranger,
    /** A code that the provider gives this person. */
    codeFor,
    /** The provider has new keys with the same id. */
    changeKeys() {
      keys = newKeys('key-1')
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

export type TestProvider = Awaited<ReturnType<typeof openProvider>>

function newKeys(kid: string): { kid: string; privateKey: KeyObject; jwk: object } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } }
}

function usualMetadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

/** A mapper that takes everything over that the tests look at. */
export const usualMapper = `local claims = std.extVar('claims');
{ identity: {
  traits: { [if 'email' in claims then 'email']: claims.email },
  metadata_public: { [if 'name' in claims then 'name']: claims.name },
  [if 'email_verified' in claims && claims.email_verified then 'verified_addresses']: [{ via: 'email', value: claims.email }],
} }`

export const inline = (text: string) => `base64://${Buffer.from(text).toString('base64')}`

/** A provider of the configuration with its defaults. */
export function providerConfig(own: Partial<ProviderConfig>): ProviderConfig {
  return {
    id: 'acme',
    provider: 'generic',
    label: 'Acme',
    client_id: 'client',
    client_secret: 'client secret+',
    mapper_url: inline(usualMapper),
    scope: ['openid', 'email'],
    subject_source: 'userinfo',
    additional_id_token_audiences: [],
    claims_source: 'id_token',
    pkce: 'auto',
    update_identity_on_login: 'never',
    aal2_acr_values: [],
    aal2_amr_values: [],
    account_linking_mode: 'confirm_with_existing_credential',
    ...own,
  }
}

/** Switches the method on, with these providers, in a project of `openTestApp`. */
export async function withProviders(
  providers: ProviderConfig[],
  more: { base_redirect_uri?: string } = {},
): Promise<(identity: IdentityConfig) => IdentityConfig> {
  const oidc = { enabled: true, config: { providers, ...more } }
  const findings = await loadOidc(oidc, { folder: undefined, fetch: guardedFetch({ allowPrivate: true }) })
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  return (identity) => ({
    ...identity,
    selfservice: { ...identity.selfservice, methods: { ...identity.selfservice.methods, oidc } },
  })
}

import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dsns } from '../../../test/app.ts'
import { freshEmail, openFlows, Person } from '../../../test/people.ts'
import { guardedFetch } from '../../kernel/fetch.ts'
import { loadTokenizer } from './load.ts'

const inline = (text: string) => `base64://${Buffer.from(text).toString('base64')}`
const keySet = (...keys: object[]) => inline(JSON.stringify({ keys }))
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ecKey = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k-1', use: 'sig' }
const secret = 'change-me-change-me-change-me-32'
const secretKey = { kty: 'oct', alg: 'HS256', k: Buffer.from(secret).toString('base64url') }
const minute = 60_000
const hour = 60 * minute
const fetch = guardedFetch({ allowPrivate: true })

interface Given {
  claims_mapper_url?: string
  jwks_url?: string
  subject_source?: 'id' | 'external_id'
}

const template = (given: Given = {}) => ({
  ttl: 10 * minute,
  jwks_url: keySet(ecKey),
  subject_source: 'id' as const,
  ...given,
})
const mapper = (text: string) => template({ claims_mapper_url: inline(text) })

const templates = {
  plain: template(),
  secret: template({ jwks_url: keySet(secretKey, ecKey) }),
  external: template({ subject_source: 'external_id' }),
  mapped: mapper(`local claims = std.extVar('claims');
local session = std.extVar('session');
{ claims: { email: session.identity.traits.email, aal: session.authenticator_assurance_level, later: claims.exp } }`),
  reserved: mapper(
    `{ claims: { sub: 'somebody else', sid: 'x', iss: 'https://shop.example', exp: 7, aud: ['shop'] } }`,
  ),
  secretive: mapper(
    "{ claims: { credentials: std.objectHas(std.extVar('session').identity, 'credentials'), admin: std.objectHas(std.extVar('session').identity, 'metadata_admin') } }",
  ),
  endless: mapper('local f(x) = f(x + 1) tailstrict; { claims: { a: f(0) } }'),
  failing: mapper("{ claims: { a: std.extVar('session').nothing } }"),
  importing: mapper("{ claims: import 'other.jsonnet' }"),
  list: mapper('{ claims: [] }'),
  none: mapper('{}'),
  text: mapper("'claims'"),
  proto: mapper(`{ claims: { __proto__: { sub: 'x' }, constructor: 'c' } }`),
}

function parts(token: string) {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const decoded = [header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  return {
    header: decoded[0],
    claims: decoded[1],
    input: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

describe.each(dsns)('sessions as tokens on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let person: Person
  let session: { id: string; identity: { id: string; traits: { email: string } } }
  let baseUrl: string
  beforeAll(async () => {
    app = await openFlows(dsn)
    expect(await loadTokenizer({ templates }, { folder: undefined, fetch })).toEqual([])
    const project = await app.project(({ session, ...identity }) => ({
      ...identity,
      session: { ...session, whoami: { ...session.whoami, tokenizer: { templates } } },
    }))
    baseUrl = project.ctx.config.identity.serve.public.base_url
    person = new Person(project, 'api')
    await person.signUp(freshEmail())
    session = (await person.call('GET', '/sessions/whoami')).body
  })
  afterAll(() => app.close())

  const whoami = (name: string, method: 'GET' | 'POST' = 'GET') =>
    person.call(method, `/sessions/whoami?tokenize_as=${encodeURIComponent(name)}`)
  const tokenOf = async (name: string) => parts((await whoami(name)).body.tokenized)
  const refusalOf = async (name: string) => {
    const { status, body } = await whoami(name)
    return `${status} ${body.error.reason}`
  }

  test('have the claims of Kratos, and a signature of the first key', async () => {
    const { header, claims, input, signature } = await tokenOf('plain')
    const now = Math.floor(app.clock.now() / 1000)
    expect(header).toEqual({ alg: 'ES256', kid: 'k-1', typ: 'JWT' })
    expect(claims).toEqual({
      exp: now + 600,
      iat: now,
      iss: baseUrl,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      nbf: now,
      sid: session.id,
      sub: session.identity.id,
    })
    expect((await tokenOf('plain')).claims.jti).not.toBe(claims.jti)
    const key: KeyObject = createPublicKey(privateKey)
    expect(verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
    const hmac = await tokenOf('secret')
    expect(hmac.header).toEqual({ alg: 'HS256', kid: '', typ: 'JWT' })
    expect(hmac.signature).toEqual(createHmac('sha256', secret).update(hmac.input).digest())
  })

  test('come with the session, whatever the method of the request, and only if asked for', async () => {
    const { body } = await whoami('plain', 'POST')
    expect(body).toEqual({ ...session, tokenized: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
    expect(session).not.toHaveProperty('tokenized')
  })

  test('have the claims of the mapper', async () => {
    const { claims } = await tokenOf('mapped')
    expect(claims).toMatchObject({ email: session.identity.traits.email, aal: 'aal1', later: claims.exp })
    expect((await tokenOf('secretive')).claims).toMatchObject({ credentials: false, admin: false })
  })

  test('have the subject of the session, whatever the mapper says of it', async () => {
    expect((await tokenOf('reserved')).claims).toMatchObject({
      ...{ sub: session.identity.id, sid: 'x', iss: 'https://shop.example', exp: 7, aud: ['shop'] },
    })
    expect((await tokenOf('proto')).claims).toMatchObject({ sub: session.identity.id, constructor: 'c' })
  })

  test('have the external ID as subject, if the template says so and the identity has one', async () => {
    expect(await refusalOf('external')).toMatch(/^400 .*external ID/)
    const { project } = person
    const patch = [{ op: 'add', path: '/external_id', value: `crm-${session.id}` }]
    expect((await project.call('PATCH', `/admin/identities/${session.identity.id}`, { json: patch })).status).toBe(200)
    expect((await tokenOf('external')).claims.sub).toBe(`crm-${session.id}`)
  })

  test.each(['endless', 'failing', 'importing'])('are refused if the mapper fails: %s', async (name) => {
    expect(await refusalOf(name)).toBe(`400 The claims mapper of the token template "${name}" failed.`)
    expect((await whoami('mapped')).status).toBe(200)
  })

  test.each(['list', 'none', 'text'])('are refused if the mapper returns no claims: %s', async (name) => {
    expect(await refusalOf(name)).toMatch(/^400 .* returned no object "claims"/)
  })

  test.each(['missing', '__proto__', 'constructor', '"'])(
    'are refused for a template that is not configured: %s',
    async (name) => {
      expect(await refusalOf(name)).toBe(`400 There is no token template called ${JSON.stringify(name)}.`)
    },
  )

  test('are signed with the new key of a remote set after an hour, and with the old one while it cannot be read', async () => {
    const remote = { answer: JSON.stringify({ keys: [{ ...secretKey, kid: 'old' }] }) }
    let reads = 0
    const server = createServer((_request, response) => {
      reads++
      response.end(remote.answer)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const own = { remote: template({ jwks_url: `http://127.0.0.1:${port}/keys` }) }
    expect(await loadTokenizer({ templates: own }, { folder: undefined, fetch })).toEqual([])
    const project = await app.project(({ session, ...identity }) => ({
      ...identity,
      session: { ...session, lifespan: 240 * hour, whoami: { ...session.whoami, tokenizer: { templates: own } } },
    }))
    const member = new Person(project, 'api')
    await member.signUp(freshEmail())
    const keyId = async () => {
      const { body } = await member.call('GET', '/sessions/whoami?tokenize_as=remote')
      return parts(body.tokenized).header.kid
    }
    const readAgain = async (answer: string) => {
      remote.answer = answer
      const before = reads
      app.clock.advance(hour)
      await vi.waitUntil(async () => [await keyId(), reads > before][1], { timeout: 10_000 })
    }
    expect([await keyId(), await keyId()]).toEqual(['old', 'old'])
    await readAgain('no longer JSON')
    expect([await keyId(), reads]).toEqual(['old', 2])
    await readAgain(JSON.stringify({ keys: [{ ...secretKey, kid: 'new' }] }))
    await vi.waitUntil(async () => (await keyId()) === 'new', { timeout: 10_000 })
    await new Promise((resolve) => server.close(resolve))
  })

  test('are refused without a session', async () => {
    const nobody = new Person(person.project, 'api')
    expect((await nobody.call('GET', '/sessions/whoami?tokenize_as=plain')).status).toBe(401)
  })
})

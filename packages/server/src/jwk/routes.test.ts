import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { createKey, privateKey, publicKey } from '../../test/key-sets.ts'
import type { Context } from '../kernel/context.ts'
import { jwkRoutes, idTokenKeys as set, signingKey } from './index.ts'

const p256 = privateKey('ec', { namedCurve: 'P-256' })
const rsa = privateKey('rsa', { modulusLength: 2048 })

describe.each(dsns)('the API of key sets on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, jwkRoutes)
    project = await app.project()
    ctx = project.ctx
  })
  afterAll(() => app.close())
  const newKey = (json: object, name = set) => createKey(project, json, name)
  const put = (path: string, json: unknown) => project.call('PUT', `/admin/keys/${path}`, { json })

  describe('of the admin API', () => {
    test('need a token of the project', async () => {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['PUT', '/k'],
      ] as const) {
        const { status } = await project.call(method, `/admin/keys/any${path}`, { json: {}, token: null })
        expect(status).toBe(401)
      }
    })

    test('are generated with a random ID, and refused with a known one', async () => {
      const path = '/admin/keys/generated'
      const made = await project.call('POST', path, { json: { alg: 'ES256' } })
      expect(made.status).toBe(201)
      expect(made.headers.location).toMatch(/\/keys\/generated$/)
      const [key] = made.body.keys
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' })
      expect(key.kid).toMatch(/^[0-9a-f-]{36}$/)
      const again = await project.call('POST', path, { json: { alg: 'ES256', kid: key.kid } })
      expect([again.status, again.body]).toEqual([409, { error: expect.any(String), error_description: '' }])
    })

    test.each([['HS256'], ['none'], [''], ['RSA-OAEP'], ['constructor']])('are not generated for %j', async (alg) => {
      const { status, body } = await project.call('POST', '/admin/keys/refused', { json: { alg, use: 'sig' } })
      expect([status, body]).toEqual([
        400,
        { error: expect.any(String), error_description: expect.stringContaining('ES256') },
      ])
      expect((await project.call('GET', '/admin/keys/refused')).status).toBe(404)
    })

    test('are all added by simultaneous requests', async () => {
      const calls = Array.from({ length: 12 }, () => newKey({ alg: 'EdDSA' }, 'simultaneous'))
      await Promise.all(calls)
      expect((await project.call('GET', '/admin/keys/simultaneous')).body.keys).toHaveLength(12)
    })

    test('have a limit', async () => {
      const keys = Array.from({ length: 100 }, (_, i) => ({ ...publicKey(p256), kid: `${i}` }))
      expect((await put('full', { keys })).status).toBe(200)
      expect((await project.call('POST', '/admin/keys/full', { json: { alg: 'ES256' } })).status).toBe(400)
      expect((await put('full', { keys: [...keys, { ...p256, kid: '100' }] })).status).toBe(400)
      expect((await put('full/99', p256)).status).toBe(200)
    })

    test('are imported in their order, the first being the newest', async () => {
      const keys = [
        { ...rsa, kid: 'one', alg: 'RS256', use: 'sig' },
        { ...p256, kid: 'two', alg: 'ES256', use: 'sig' },
      ]
      const answer = await put('imported', { keys })
      expect([answer.status, answer.body]).toEqual([200, { keys }])
      const { body } = await project.call('GET', '/admin/keys/imported')
      expect(body).toEqual({ keys })
      expect((await signingKey(ctx, 'imported')).id).toBe('one')
      await put('imported', { keys: [keys[1]] })
      expect((await signingKey(ctx, 'imported')).id).toBe('two')
      expect((await put('imported', { keys: [] })).body).toEqual({ keys: [] })
    })

    test('are imported with the usual algorithm and without members of other types', async () => {
      const answer = await put('completed/it', { ...publicKey(p256), n: 'AQAB', ext: true })
      const { kty, crv, x, y } = p256
      expect(answer.body).toEqual({ kty, crv, x, y, kid: 'it', alg: 'ES256', use: 'sig' })
    })

    const long = 'a'.repeat(256)
    test.each<[string, object]>([
      ['no type', { kid: 'k' }],
      ['an unknown type', { kty: 'AKP', kid: 'k' }],
      ['a name of a prototype', { kty: '__proto__', kid: 'k' }],
      ['no modulus', { kty: 'RSA', kid: 'k' }],
      ['no ID', { ...p256 }],
      ['a long ID', { ...p256, kid: long }],
      ['a point that is not on the curve', { ...publicKey(p256), x: p256.y, kid: 'k' }],
      ['an unsupported curve', { ...privateKey('ec', { namedCurve: 'secp256k1' }), kid: 'k' }],
      ['another curve than the algorithm', { ...p256, kid: 'k', alg: 'ES384' }],
      ['another type than the algorithm', { ...p256, kid: 'k', alg: 'RS256' }],
      ['the algorithm none', { ...p256, kid: 'k', alg: 'none' }],
      ['parts of two keys', { ...p256, d: privateKey('ec', { namedCurve: 'P-256' }).d, kid: 'k' }],
      ['an incomplete private key', { ...rsa, p: undefined, kid: 'k' }],
      ['a short RSA key', { ...privateKey('rsa', { modulusLength: 1024 }), kid: 'k' }],
      ['a huge RSA key', { kty: 'RSA', n: Buffer.alloc(2048, 255).toString('base64url'), e: 'AQAB', kid: 'k' }],
      ['a huge exponent', { ...publicKey(rsa), e: Buffer.alloc(9, 255).toString('base64url'), kid: 'k' }],
      ['an empty secret', { kty: 'oct', k: '', kid: 'k' }],
      ['a short secret', { kty: 'oct', k: 'c2hvcnQ', alg: 'HS256', kid: 'k' }],
      ['a foreign certificate', { ...publicKey(p256), x5c: ['AAAA'], kid: 'k' }],
      ['a number as its type', { kty: 7, kid: 'k' }],
    ])('are refused with %s, and nothing changes', async (_, key) => {
      const before = { keys: [{ ...publicKey(p256), kid: 'before', alg: 'ES256', use: 'sig' }] }
      await put('strict', before)
      const { status, body } = await put('strict', { keys: [key] })
      expect([status, body]).toEqual([
        400,
        { error: expect.any(String), error_description: expect.stringMatching(/./) },
      ])
      expect((await project.call('GET', '/admin/keys/strict')).body).toEqual(before)
    })

    test('are refused if an ID occurs twice, or is not that of the path', async () => {
      const key = { ...p256, kid: 'k' }
      expect((await put('twice', { keys: [key, key] })).status).toBe(409)
      expect((await put('twice/other', key)).status).toBe(400)
      expect((await put(long, { keys: [key] })).status).toBe(400)
      expect((await project.call('GET', '/admin/keys/twice')).status).toBe(404)
    })

    test('are refused as malformed JSON', async () => {
      const answer = await project.call('POST', '/admin/keys/any', { text: '{' })
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: expect.any(String), error_description: expect.stringMatching(/./) },
      ])
    })

    test('are deleted, also when they do not exist', async () => {
      await put('deleted', { keys: [{ ...p256, kid: 'k' }] })
      for (const path of ['/k', '/k', '', '']) {
        expect((await project.call('DELETE', `/admin/keys/deleted${path}`)).status).toBe(204)
      }
      const { status, body } = await project.call('GET', '/admin/keys/deleted')
      expect([status, body]).toEqual([
        404,
        { error: expect.any(String), error_description: expect.stringMatching(/./) },
      ])
    })
  })

  describe('that are published', () => {
    test('have no private part, and are generated by the first GET, not by a HEAD', async () => {
      const url = '/.well-known/jwks.json'
      const { slug } = ctx.project
      expect((await app.http.inject({ method: 'HEAD', url, headers: { host: slug } })).statusCode).toBe(200)
      expect((await project.call('GET', `/admin/keys/${set}`)).status).toBe(404)
      const { status, body } = await project.call('GET', url, { token: null })
      expect(status).toBe(200)
      expect(body.keys.map((key: object) => Object.keys(key).sort().join(' '))).toEqual([
        'alg e kid kty n use',
        'alg e kid kty n use',
      ])
      await newKey({ alg: 'ES256', kid: 'newest' })
      const { body: rotated } = await project.call('GET', url, { token: null })
      expect(rotated.keys).toHaveLength(3)
      expect(JSON.stringify(rotated)).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/)
    })
  })
})

import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { createKey, encodePart, inOtherProcess, privateKey, publicKey } from '../../test/key-sets.ts'
import type { Context } from '../kernel/context.ts'
import {
  accessTokenKeys,
  jwkRoutes,
  publicKeys,
  idTokenKeys as set,
  signingKey,
  signToken,
  verifyToken,
} from './index.ts'

const p256 = privateKey('ec', { namedCurve: 'P-256' })

describe.each(dsns)('keys that sign tokens on %s', (_, dsn) => {
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

  test('get one key by 50 simultaneous first uses, in as many processes', async () => {
    const processes = await Promise.all(Array.from({ length: 5 }, () => inOtherProcess(ctx)))
    const keys = await Promise.all(Array.from({ length: 50 }, (_, i) => signingKey(processes[i % 5] as Context, set)))
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1)
    expect(keys[0]?.algorithm).toBe('RS256')
    expect((await project.call('GET', `/admin/keys/${set}`)).body.keys).toHaveLength(1)
  })

  test('sign claims with a header that names the key, and verify them', async () => {
    const token = await signToken(ctx, set, { sub: 'ada', exp: 1 }, { typ: 'at+jwt' })
    const { id } = await signingKey(ctx, set)
    expect(await verifyToken(ctx, set, token)).toEqual({
      header: { alg: 'RS256', kid: id, typ: 'at+jwt' },
      claims: { sub: 'ada', exp: 1 },
    })
    expect((await verifyToken(ctx, set, await signToken(ctx, set, {})))?.header.typ).toBe('JWT')
  })

  test('refuse tokens of other sets and projects, and what was modified', async () => {
    const token = await signToken(ctx, set, { sub: 'ada' })
    const [header, , signature] = token.split('.')
    const [own] = await publicKeys(ctx, [set])
    const kid = own?.kid
    const unsigned = `${encodePart({ alg: 'none', kid })}.${encodePart({ sub: 'ada' })}`
    // The public key as the secret of an HMAC.
    const confused = `${encodePart({ alg: 'HS256', kid })}.${encodePart({ sub: 'ada' })}`
    const hmac = createHmac('sha256', JSON.stringify(own)).update(confused).digest('base64url')
    const refused = [
      `${header}.${encodePart({ sub: 'eve' })}.${signature}`,
      `${unsigned}.`,
      unsigned,
      `${confused}.${hmac}`,
      `${encodePart({ alg: 'PS256', kid })}.${encodePart({ sub: 'ada' })}.${signature}`,
      `${encodePart({ alg: 'RS256', kid, crit: ['exp'] })}.${encodePart({})}.${signature}`,
      `${encodePart({ alg: 'RS256' })}.${encodePart({})}.${signature}`,
      `${encodePart({ alg: 'RS256', kid: '__proto__' })}.${encodePart({})}.${signature}`,
      `${token}.x`,
      `${token}${'a'.repeat(70_000)}`,
      '',
      'a.b.c',
      '..',
    ]
    for (const one of refused) expect([one, await verifyToken(ctx, set, one)]).toEqual([one, undefined])
    expect(await verifyToken(ctx, accessTokenKeys, token)).toBeUndefined()
    const { ctx: other } = await app.project()
    expect(await verifyToken(other, set, token)).toBeUndefined()
    expect(await verifyToken(ctx, set, token)).toBeDefined()
  })

  test('refuse claims that are no object', async () => {
    expect(await verifyToken(ctx, set, await signToken(ctx, set, ['ada']))).toBeUndefined()
  })

  test.each(['RS384', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('sign with an added key of %s', async (alg) => {
    const { kid } = await newKey({ alg })
    const token = await signToken(ctx, set, { sub: 'ada' })
    expect((await verifyToken(ctx, set, token))?.header).toMatchObject({ alg, kid })
  })

  test('do not sign with keys for encryption, with secrets and with public keys', async () => {
    const { id } = await signingKey(ctx, set)
    await newKey({ alg: 'ES256', use: 'enc' })
    await put(`${set}/secret`, { kty: 'oct', k: encodePart('a secret of many, many characters'), alg: 'HS256' })
    await put(`${set}/public`, { ...publicKey(p256), alg: 'ES256' })
    expect((await signingKey(ctx, set)).id).toBe(id)
    const published = await publicKeys(ctx, [set])
    expect(published.map(({ kid }) => kid)).toContain('public')
    expect(published.some(({ kty }) => kty === 'oct')).toBe(false)
  })

  test('generate a key beside public ones only', async () => {
    await put('only-public', { keys: [{ ...publicKey(p256), kid: 'public' }] })
    expect((await signingKey(ctx, 'only-public')).algorithm).toBe('RS256')
    expect((await publicKeys(ctx, ['only-public'])).map(({ kty }) => kty)).toEqual(['RSA', 'EC'])
  })

  test('do not keep a key of a transaction that is rolled back', async () => {
    const failed = ctx.transaction(async (tx) => {
      await signToken(tx, 'rolled-back', {})
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    const token = await signToken(ctx, 'rolled-back', { sub: 'ada' })
    expect(await verifyToken(await inOtherProcess(ctx), 'rolled-back', token)).toBeDefined()
  })
})

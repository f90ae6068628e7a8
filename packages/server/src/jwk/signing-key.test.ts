import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signingKeyFrom } from './signing-key.ts'

const generated = (type: 'rsa' | 'ec' | 'ed25519', options: object = {}): JsonWebKey =>
  generateKeyPairSync(type as 'ec', options as { namedCurve: string }).privateKey.export({ format: 'jwk' })

const rsa = generated('rsa', { modulusLength: 2048 })
const p256 = generated('ec', { namedCurve: 'P-256' })
const p521 = generated('ec', { namedCurve: 'P-521' })
const ed25519 = generated('ed25519')
const secret = (bytes: number) => ({ kty: 'oct', k: Buffer.alloc(bytes, 7).toString('base64url') })
const setOf = (...keys: object[]) => JSON.stringify({ keys })
const publicOnly = ({ kty, crv, x, y }: JsonWebKey) => ({ kty, crv, x, y })

describe('a key that signs tokens', () => {
  test.each([
    ['RS256', rsa, 'sha256', 256],
    ['RS512', rsa, 'sha512', 256],
    ['ES256', p256, 'sha256', 64],
    ['ES512', p521, 'sha512', 132],
    ['EdDSA', ed25519, null, 64],
  ])('signs with %s', async (alg, jwk, hash, size) => {
    const key = await signingKeyFrom(setOf({ ...jwk, alg, kid: 'one' }))
    expect(key).toMatchObject({ algorithm: alg, id: 'one' })
    const signature = await key.sign('text')
    expect(signature.length).toBe(size)
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
    const options = { key: publicKey, dsaEncoding: 'ieee-p1363' as const }
    expect(verify(hash, Buffer.from('text'), options, signature)).toBe(true)
    expect(verify(hash, Buffer.from('other'), options, signature)).toBe(false)
  })

  test('signs with PS256 differently each time, and with HS256 in the same way', async () => {
    const pss = await signingKeyFrom(setOf({ ...rsa, alg: 'PS256' }))
    expect(await pss.sign('text')).not.toEqual(await pss.sign('text'))
    const hmac = await signingKeyFrom(setOf({ ...secret(32), alg: 'HS256' }))
    expect(await hmac.sign('text')).toEqual(await hmac.sign('text'))
  })

  test('is the first of its set, or a key by itself', async () => {
    const [first, second] = [
      { ...p256, alg: 'ES256', kid: 'first' },
      { ...p521, alg: 'ES512', kid: 'second' },
    ]
    expect((await signingKeyFrom(setOf(first, second))).id).toBe('first')
    expect((await signingKeyFrom(JSON.stringify(second))).id).toBe('second')
  })

  test.each([
    ['no JSON', '{', 'invalid JSON'],
    ['an empty set', setOf(), 'no JSON Web Key'],
    ['a set that is no list', '{"keys":{}}', 'no JSON Web Key'],
    ['a text', '"k"', 'no JSON Web Key'],
    ['no algorithm', setOf(p256), 'algorithm ""'],
    ['the algorithm none', setOf({ ...p256, alg: 'none' }), 'algorithm "none"'],
    ['an algorithm for encryption', setOf({ ...rsa, alg: 'RSA-OAEP' }), 'algorithm "RSA-OAEP"'],
    ['a public key', setOf({ ...publicOnly(p256), alg: 'ES256' }), 'not a private key'],
    ['another type of key', setOf({ ...p256, alg: 'RS256' }), 'not of the type for RS256'],
    ['another curve', setOf({ ...p256, alg: 'ES512' }), 'not of the type for ES512'],
    ['a private key as a secret', setOf({ ...rsa, alg: 'HS256' }), 'not of the type for HS256'],
    ['a secret as a private key', setOf({ ...secret(64), alg: 'RS256' }), 'not a private key'],
    ['a short secret', setOf({ ...secret(16), alg: 'HS256' }), 'too short for HS256'],
    ['a short RSA key', setOf({ ...generated('rsa', { modulusLength: 1024 }), alg: 'RS256' }), 'less than 2048 bits'],
    [
      'parts of two keys',
      setOf({ ...p256, d: generated('ec', { namedCurve: 'P-256' }).d, alg: 'ES256' }),
      /does not belong|not a private key/,
    ],
  ])('is refused: %s', async (_, text, message) => {
    await expect(signingKeyFrom(text)).rejects.toThrow(message)
  })
})

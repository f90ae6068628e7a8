import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  type JsonWebKey as NodeKey,
  X509Certificate,
} from 'node:crypto'
import { ApiError, type JsonWebKey } from '@latchkey/api'
import { algorithms, minModulusBits, SigningKeyError, signingKeyOf } from './signing-key.ts'

/** Larger moduli and exponents only make verification slow. */
const maxModulusBits = 8192
const maxExponent = 2n ** 32n
const maxKeyLength = 32_768
const maxNameLength = 255

type Member = keyof JsonWebKey
const membersOf: Record<string, { public: readonly Member[]; private: readonly Member[] }> = {
  RSA: { public: ['n', 'e'], private: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  EC: { public: ['crv', 'x', 'y'], private: ['d'] },
  OKP: { public: ['crv', 'x'], private: ['d'] },
  oct: { public: [], private: ['k'] },
}

/**
 * Validates a JSON Web Key from outside (RFC 7517): public, private or a secret. Members of other types of keys and
 * unknown ones are removed. A missing `alg` becomes the usual one of the type, a missing `use` becomes `sig`.
 * @throws ApiError 400
 */
export async function parseKey(given: Partial<JsonWebKey>): Promise<JsonWebKey> {
  const { kty = '', kid } = given
  const members = Object.hasOwn(membersOf, kty) ? membersOf[kty] : undefined
  if (!members) throw refusal(kid, 'its type (kty) must be RSA, EC, OKP or oct')
  requireName('The key ID (kid)', kid ?? '')
  const picked = pick(given, [...members.public, ...members.private])
  if (members.public.some((name) => !picked[name]))
    throw refusal(kid, `it needs the members ${members.public.join(', ')}`)
  const alg = given.alg || usualAlgorithm(kty, picked.crv)
  const use = given.use || 'sig'
  for (const label of [alg, use]) if (!/^[\w+-]{1,64}$/.test(label)) throw refusal(kid, 'alg or use is malformed')
  if (alg === 'none') throw refusal(kid, 'the algorithm none protects nothing')
  const key: JsonWebKey = { ...picked, kty, kid: kid ?? '', alg, use, ...(given.x5c?.length && { x5c: given.x5c }) }
  if (JSON.stringify(key).length > maxKeyLength) throw refusal(kid, `it is longer than ${maxKeyLength} characters`)
  await checkMaterial(key)
  return key
}

/** The public part of a key; undefined for a secret, which has none. */
export function publicPart(key: JsonWebKey): JsonWebKey | undefined {
  const members = Object.hasOwn(membersOf, key.kty) ? membersOf[key.kty] : undefined
  if (!members || key.kty === 'oct') return undefined
  const { kty, kid, alg, use, x5c } = key
  return { ...pick(key, members.public), kty, kid, alg, use, ...(x5c && { x5c }) }
}

/** Whether two keys have the same public part and the same algorithm. */
export function isSameKey(one: JsonWebKey, other: JsonWebKey): boolean {
  const [a, b] = [one, other].map((key) => {
    const { x5c: _, use: __, ...part } = publicPart(key) ?? {}
    return JSON.stringify(Object.entries(part).sort())
  })
  return a === b && one.kty !== 'oct'
}

export function isPrivate(key: JsonWebKey): boolean {
  return key.kty !== 'oct' && key.d !== undefined
}

/** @throws ApiError 400 if the name of a set or key is empty or too long. */
export function requireName(what: string, name: string): void {
  if (name !== '' && name.length <= maxNameLength && !name.includes('\0')) return
  throw ApiError.badRequest({ reason: `${what} must have between 1 and ${maxNameLength} characters.` })
}

async function checkMaterial(key: JsonWebKey): Promise<void> {
  const { kid, kty, alg } = key
  const signs = algorithms.get(alg)
  if (kty === 'oct') {
    if (!/^[\w-]+$/.test(key.k ?? '')) throw refusal(kid, 'it needs the member k')
    if (signs) await signingKeyOf({ ...key }).catch((error: unknown) => refuseMaterial(kid, error))
    return
  }
  const publicKey = readKey(kid, () => createPublicKey({ key: publicPart(key) as NodeKey, format: 'jwk' }))
  const { modulusLength, publicExponent = 3n, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined && (modulusLength < minModulusBits || modulusLength > maxModulusBits))
    throw refusal(kid, `an RSA key must have between ${minModulusBits} and ${maxModulusBits} bits`)
  if (publicExponent < 3n || publicExponent > maxExponent) throw refusal(kid, 'its exponent is out of range')
  const usual = algorithms.get(usualAlgorithm(kty, key.crv))
  if (usual?.type !== publicKey.asymmetricKeyType) throw refusal(kid, `its curve (crv) is not supported`)
  if (signs && (signs.type !== publicKey.asymmetricKeyType || signs.curve !== namedCurve))
    throw refusal(kid, `it is not of the type for ${alg}`)
  if (isPrivate(key)) await checkPair(key)
  if (key.x5c && !belongsTo(key.x5c, publicKey)) throw refusal(kid, 'its certificate (x5c) is not of this key')
}

/** Signs and verifies, whatever the key is for. */
async function checkPair(key: JsonWebKey): Promise<void> {
  readKey(key.kid, () => createPrivateKey({ key: key as NodeKey, format: 'jwk' }))
  const alg = usualAlgorithm(key.kty, key.crv)
  await signingKeyOf({ ...key, alg }).catch((error: unknown) => refuseMaterial(key.kid, error))
}

function readKey(kid: string, read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    throw refusal(kid, 'its members do not make a key')
  }
}

function refuseMaterial(kid: string, error: unknown): never {
  if (error instanceof SigningKeyError) throw refusal(kid, `it is ${error.message}`)
  throw error
}

function belongsTo([first = '']: readonly string[], key: KeyObject): boolean {
  try {
    return new X509Certificate(Buffer.from(first, 'base64')).publicKey.equals(key)
  } catch {
    return false
  }
}

function usualAlgorithm(kty: string, curve: string | undefined): string {
  if (kty === 'EC') return ({ 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const)[curve ?? ''] ?? 'ES256'
  return ({ RSA: 'RS256', OKP: 'EdDSA', oct: 'HS256' } as Record<string, string>)[kty] ?? ''
}

function pick(key: Partial<JsonWebKey>, names: readonly Member[]): Partial<JsonWebKey> {
  return Object.fromEntries(names.filter((name) => key[name] !== undefined).map((name) => [name, key[name]]))
}

function refusal(kid: string | undefined, why: string): ApiError {
  return ApiError.badRequest({ reason: `The key ${JSON.stringify((kid ?? '').slice(0, 100))} was refused: ${why}.` })
}

import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import { isTree, type Tree } from '../kernel/config/walk.ts'

/** A key that signs JSON Web Tokens (RFC 7515) with one algorithm. */
export interface SigningKey {
  readonly algorithm: string
  readonly id: string
  sign(text: string): Promise<Buffer>
}

/** A key set that cannot be used. The message completes the phrase "found …". */
export class SigningKeyError extends Error {}

/** A signature algorithm. */
interface Algorithm {
  readonly hash: string | null
  /** As Node names it; `oct` for a secret. */
  readonly type: string
  readonly curve?: string
  readonly isPss?: true
}

const hashes = { 256: 'sha256', 384: 'sha384', 512: 'sha512' }

/** RFC 7518, section 3.1, and RFC 8037 with Ed25519. */
export const algorithms = new Map<unknown, Algorithm>([
  ...Object.entries(hashes).flatMap(([bits, hash]): [string, Algorithm][] => [
    [`HS${bits}`, { hash, type: 'oct' }],
    [`RS${bits}`, { hash, type: 'rsa' }],
    [`PS${bits}`, { hash, type: 'rsa', isPss: true }],
  ]),
  ['ES256', { hash: 'sha256', type: 'ec', curve: 'prime256v1' }],
  ['ES384', { hash: 'sha384', type: 'ec', curve: 'secp384r1' }],
  ['ES512', { hash: 'sha512', type: 'ec', curve: 'secp521r1' }],
  ['EdDSA', { hash: null, type: 'ed25519' }],
])

/** Those of key pairs with RSA and the curves of NIST, with which clients may sign. */
export const clientAlgorithms: readonly string[] = [...algorithms]
  .filter(([, { type }]) => type === 'rsa' || type === 'ec')
  .map(([name]) => String(name))

/** RFC 7518, section 3.3. */
export const minModulusBits = 2048

/**
 * The first key of a JSON Web Key Set (RFC 7517), as in Kratos. The text can also be a single key.
 * @throws SigningKeyError
 */
export async function signingKeyFrom(text: string): Promise<SigningKey> {
  return signingKeyOf(firstKey(text))
}

/**
 * A JSON Web Key that signs with its algorithm. A private key that does not belong to its public key is refused.
 * @throws SigningKeyError
 */
export async function signingKeyOf(jwk: Tree): Promise<SigningKey> {
  const name = String(jwk.alg ?? '')
  const algorithm = algorithms.get(name)
  if (!algorithm) throw new SigningKeyError(`a key with the algorithm "${name}"`)
  const id = typeof jwk.kid === 'string' ? jwk.kid : ''
  return {
    algorithm: name,
    id,
    sign: algorithm.type === 'oct' ? hmac(jwk, algorithm) : await signature(jwk, algorithm),
  }
}

/** JSON Web Signature, compact serialization (RFC 7515, section 7.1). `headers` are added to `alg`, `kid` and `typ`. */
export async function signJwt({ algorithm, id, sign }: SigningKey, claims: object, headers?: object): Promise<string> {
  const input = `${encode({ alg: algorithm, kid: id, typ: 'JWT', ...headers })}.${encode(claims)}`
  return `${input}.${(await sign(input)).toString('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function firstKey(text: string): Tree {
  const document = parseJson(text)
  const first = isTree(document) && 'keys' in document ? Array.isArray(document.keys) && document.keys[0] : document
  if (!isTree(first)) throw new SigningKeyError('no JSON Web Key')
  return first
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SigningKeyError('invalid JSON')
  }
}

/** A secret must be at least as long as the hash (RFC 7518, section 3.2). */
function hmac(jwk: Tree, { hash }: Algorithm): SigningKey['sign'] {
  const secret = jwk.kty === 'oct' && typeof jwk.k === 'string' ? Buffer.from(jwk.k, 'base64url') : undefined
  if (!secret) throw new SigningKeyError(`a key that is not of the type for ${jwk.alg}`)
  const digest = (text: string) =>
    createHmac(hash ?? '', secret)
      .update(text)
      .digest()
  if (secret.length < digest('').length) throw new SigningKeyError(`a secret that is too short for ${jwk.alg}`)
  return async (text) => digest(text)
}

async function signature(jwk: Tree, algorithm: Algorithm): Promise<SigningKey['sign']> {
  const key = privateKey(jwk)
  const { modulusLength = minModulusBits, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== algorithm.type || namedCurve !== algorithm.curve)
    throw new SigningKeyError(`a key that is not of the type for ${jwk.alg}`)
  if (modulusLength < minModulusBits) throw new SigningKeyError(`an RSA key of less than ${minModulusBits} bits`)
  const options = {
    dsaEncoding: 'ieee-p1363' as const,
    ...(algorithm.isPss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  }
  const signText: SigningKey['sign'] = (text) => signLater(algorithm.hash, Buffer.from(text), { key, ...options })
  const isConsistent = verify(
    algorithm.hash,
    Buffer.from('test'),
    { key: createPublicKey(key), ...options },
    await signText('test'),
  )
  if (!isConsistent) throw new SigningKeyError('a private key that does not belong to its public key')
  return signText
}

const signLater = promisify<string | null, Buffer, Parameters<typeof sign>[2], Buffer>(sign)

function privateKey(jwk: Tree): KeyObject {
  try {
    return createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch {
    throw new SigningKeyError('a key that is not a private key')
  }
}

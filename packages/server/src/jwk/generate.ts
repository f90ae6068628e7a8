import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { ApiError, type JsonWebKey } from '@latchkey/api'
import type { Random } from '../kernel/random.ts'
import { algorithms } from './signing-key.ts'

/** RFC 7518, section 3.3, and NIST SP 800-57: signs several times faster than the 4096 bits of Hydra. */
const modulusLength = 2048

const generate = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<{ privateKey: KeyObject }>

export interface WantedKey {
  readonly alg: string
  /** `sig` by default. */
  readonly use?: string | undefined
  /** Random by default. */
  readonly kid?: string | undefined
}

/**
 * Generates a private key for a signature algorithm (RFC 7518, section 3.1, and RFC 8037 with Ed25519). Like Hydra,
 * secrets are not generated.
 * @throws ApiError 400 for any other algorithm.
 */
export async function generateKey(random: Random, { alg, use, kid }: WantedKey): Promise<JsonWebKey> {
  const algorithm = algorithms.get(alg)
  if (!algorithm || algorithm.type === 'oct') {
    const names = [...algorithms].flatMap(([name, { type }]) => (type === 'oct' ? [] : [name]))
    throw ApiError.badRequest({ reason: `The algorithm must be one of ${names.join(', ')}.` })
  }
  const { type, curve: namedCurve } = algorithm
  const { privateKey } = await generate(type, type === 'rsa' ? { modulusLength } : { namedCurve })
  const key = privateKey.export({ format: 'jwk' }) as Pick<JsonWebKey, 'kty'>
  return { ...key, alg, use: use || 'sig', kid: kid || random.uuid() }
}

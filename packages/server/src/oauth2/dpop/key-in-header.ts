import type { JsonWebKey } from '@latchkey/api'
import { type Verifier, verifierOf } from '../../jwk/index.ts'
import { isTree } from '../../kernel/config/walk.ts'

/** What identifies a key; other members are left out. */
const members = ['kty', 'crv', 'x', 'y', 'n', 'e']
/** 4,096 bits in base64url. A longer modulus, or an unusual exponent, takes long to verify with. */
const maxModulusLength = 683

export interface KeyInHeader {
  readonly jwk: object
  readonly verifier: Verifier
}

/** The public key in the header of a token that proves its possession; undefined if there is none that can be used. */
export function keyInHeader({ jwk, alg }: { jwk?: unknown; alg?: unknown }): KeyInHeader | undefined {
  if (!isTree(jwk)) return undefined
  const own: Record<string, unknown> = Object.fromEntries(
    members.flatMap((name) => (typeof jwk[name] === 'string' ? [[name, jwk[name]]] : [])),
  )
  if (own.kty === 'RSA' && (String(own.n).length > maxModulusLength || own.e !== 'AQAB')) return undefined
  try {
    const verifier = verifierOf({ ...own, alg, use: 'sig', kid: 'holder' } as JsonWebKey)
    return verifier && { jwk: own, verifier }
  } catch {
    return undefined
  }
}

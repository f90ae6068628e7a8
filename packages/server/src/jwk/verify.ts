import { createPublicKey, type KeyObject, type JsonWebKey as NodeKey } from 'node:crypto'
import type { JsonWebKey } from '@latchkey/api'
import { compactVerify, decodeProtectedHeader, errors, type ProtectedHeaderParameters } from 'jose'
import { isTree, type Tree } from '../kernel/config/walk.ts'
import { publicPart } from './parse.ts'
import { algorithms } from './signing-key.ts'

/** Longer than any token that is issued here. */
const maxTokenLength = 65_536

/** A public key with the only algorithm that is accepted with it (RFC 8725, section 3.1). */
export interface Verifier {
  readonly algorithm: string
  readonly key: KeyObject
}

/** A token whose signature is valid. */
export interface VerifiedToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Tree
}

/** Undefined for secrets, and for keys that are for encryption. */
export function verifierOf(jwk: JsonWebKey): Verifier | undefined {
  const key = publicPart(jwk)
  if (!key || key.use === 'enc' || !algorithms.has(key.alg)) return undefined
  return { algorithm: key.alg, key: createPublicKey({ key: key as NodeKey, format: 'jwk' }) }
}

/**
 * Verifies the signature of a token in compact serialization (RFC 7515). Undefined for a malformed token, a modified one,
 * or claims that are no object. Claims are not checked.
 */
export async function verifyWith({ algorithm, key }: Verifier, token: string): Promise<VerifiedToken | undefined> {
  if (token.length > maxTokenLength) return undefined
  try {
    const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: [algorithm] })
    const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
    return isTree(claims) ? { header: { ...protectedHeader }, claims } : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined
    throw error
  }
}

/** The header of a token, which is not verified; undefined if it is malformed or too long. */
export function headerOf(token: string): ProtectedHeaderParameters | undefined {
  if (token.length > maxTokenLength) return undefined
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

/** The claims of a token, which is not verified; undefined if it is malformed or too long. */
export function unverifiedClaims(token: string): Tree | undefined {
  if (token.length > maxTokenLength) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return isTree(claims) ? claims : undefined
  } catch {
    return undefined
  }
}

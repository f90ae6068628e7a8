import { ApiError } from '@latchkey/api'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { Tree } from '../../../../kernel/config/walk.ts'
import { cachedDocument, refreshedDocument } from './documents.ts'
import type { ProviderCall, UpstreamAssurance } from './provider.ts'

/** Signatures that only the holder of a private key can make: neither `none` nor secrets. */
const signatureAlgorithms = ['RS', 'PS', 'ES'].flatMap((kind) => [256, 384, 512].map((bits) => `${kind}${bits}`))
const safeAlgorithms = [...signatureAlgorithms, 'EdDSA', 'Ed25519']

const clockToleranceSeconds = 60
const maxTokenLength = 32 << 10

export interface TokenRules {
  readonly issuer: string
  readonly keysUrl: string
  readonly algorithms: readonly string[]
  /** The clients for which the token may be. */
  readonly audiences: readonly string[]
  /** The client that asked for it; undefined if an app did so itself. */
  readonly client?: string
  /** The nonce that was sent. */
  readonly nonce?: string
}

/**
 * Verifies an ID token (OpenID Connect Core 1.0, section 3.1.3.7) and returns its claims. Throws 400 if it is not valid.
 */
export async function verifyIdToken(at: ProviderCall, token: string, rules: TokenRules): Promise<Tree> {
  if (token.length > maxTokenLength) throw invalidToken('it is too long')
  const claims = await verifyWith(at, token, rules)
  const { aud, azp, nonce } = claims
  const isForSeveral = Array.isArray(aud) && aud.length > 1
  const allowed = rules.client === undefined ? rules.audiences : [rules.client]
  // An app's own token can name the app as the authorized party, and the server as its audience.
  const mustFit = rules.client !== undefined || isForSeveral
  if (isForSeveral && azp === undefined) throw invalidToken('it is for several clients and names none')
  if (azp !== undefined && mustFit && !allowed.includes(String(azp))) throw invalidToken('it is for another client')
  if (rules.nonce !== undefined && nonce !== rules.nonce) throw invalidToken('its nonce is not the one that was sent')
  return claims as Tree
}

export function invalidToken(why: string): ApiError {
  return ApiError.badRequest({ reason: `The ID token of the sign-in provider is not valid: ${why}.` })
}

/** Providers change their keys: those that do not fit are read again once. */
async function verifyWith(at: ProviderCall, token: string, rules: TokenRules): Promise<JWTPayload> {
  try {
    return await verifyWithKeys(at, token, rules, await cachedDocument(at, rules.keysUrl))
  } catch (error) {
    if (!isUnfit(error)) throw explain(error)
    const keys = await refreshedDocument(at, rules.keysUrl)
    if (!keys) throw explain(error)
    return verifyWithKeys(at, token, rules, keys).catch((again: unknown) => {
      throw explain(again)
    })
  }
}

async function verifyWithKeys(at: ProviderCall, token: string, rules: TokenRules, keys: Tree): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys as unknown as JSONWebKeySet), {
    issuer: rules.issuer,
    audience: [...rules.audiences],
    algorithms: safeAlgorithms.filter((one) => rules.algorithms.includes(one)),
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(at.ctx.clock.now()),
    requiredClaims: ['exp', 'sub'],
  })
  return payload
}

function isUnfit(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed
}

function explain(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return invalidToken('it has expired')
  if (error instanceof errors.JWTClaimValidationFailed) return invalidToken(`the claim ${error.claim} does not fit`)
  if (isUnfit(error) || error instanceof errors.JWKSMultipleMatchingKeys)
    return invalidToken('its signature does not fit the keys of the provider')
  if (error instanceof errors.JOSEError || error instanceof TypeError) return invalidToken('it cannot be read')
  return error
}

/** The authentication context that a verified ID token states (OpenID Connect Core 1.0, section 2; RFC 8176). */
export function assuranceOf({ acr, amr }: Tree): UpstreamAssurance {
  const methods = Array.isArray(amr) ? amr.filter((one): one is string => typeof one === 'string') : undefined
  return { ...(typeof acr === 'string' && acr && { acr }), ...(methods?.length && { amr: methods }) }
}

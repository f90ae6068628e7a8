import { hash } from 'node:crypto'
import type { ApiError } from '@latchkey/api'
import { calculateJwkThumbprint } from 'jose'
import { headerOf, verifyWith } from '../../jwk/index.ts'
import { isTree, type Tree } from '../../kernel/config/walk.ts'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { spendJwtId } from '../token/store.ts'
import { keyInHeader } from './key-in-header.ts'
import { issueTimeOf } from './nonce.ts'

/** A proof with an RSA key of 4,096 bits has less than 2 kB. */
const maxLength = 8192
const maxIdLength = 256

/** What a proof must be for, and how an endpoint refuses it. */
export interface ProofRequest {
  /** The URLs of the endpoint. */
  readonly urls: readonly string[]
  /** The access token that is presented together with the proof. */
  readonly accessToken?: string
  readonly refuse: (reason: string) => ApiError
  /** The error use_dpop_nonce, with a nonce. */
  readonly askForNonce: () => ApiError
}

/**
 * Verifies the proof in the header DPoP with every check of RFC 9449, section 4.3, and spends it: of any number of
 * simultaneous uses, exactly one succeeds. Returns the thumbprint of its key (RFC 7638, SHA-256).
 */
export async function spendProof(ctx: Context, call: Call, request: ProofRequest): Promise<string> {
  const { refuse } = request
  const { claims, thumbprint } = await verifySignature(ctx, call.header('dpop') ?? '', refuse)
  const { htm, htu, ath, jti } = claims
  if (htm !== call.method) throw refuse('The htm of the DPoP proof is not the method of the request.')
  if (!request.urls.some((url) => withoutQuery(url) === withoutQuery(htu)))
    throw refuse('The htu of the DPoP proof is not the URL of the request.')
  if (request.accessToken !== undefined && !isHashOf(ath, request.accessToken))
    throw refuse('The ath of the DPoP proof is not the hash of the access token.')
  if (typeof jti !== 'string' || jti === '' || jti.length > maxIdLength)
    throw refuse(`The jti of the DPoP proof must be a text of 1 to ${maxIdLength} characters.`)
  const expiresAt = requireTime(ctx, claims, request)
  const used = tokenHash(JSON.stringify(['dpop', thumbprint, jti]))
  if (!(await spendJwtId(ctx, used, expiresAt))) throw refuse('The DPoP proof was used before.')
  return thumbprint
}

async function verifySignature(
  { config }: Context,
  proof: string,
  refuse: ProofRequest['refuse'],
): Promise<{ claims: Tree; thumbprint: string }> {
  // Several headers are joined with a comma.
  const header = proof.length > maxLength || proof.includes(',') ? undefined : headerOf(proof)
  if (!header) throw refuse('The header DPoP must be one JSON Web Token.')
  if (header.typ !== 'dpop+jwt') throw refuse('The typ of the DPoP proof must be dpop+jwt.')
  const { signing_algorithms: accepted } = config.oauth2.oauth2.dpop
  if (!accepted.some((one) => one === header.alg))
    throw refuse(`The alg of the DPoP proof must be one of ${accepted.join(', ')}.`)
  if (isTree(header.jwk) && ('d' in header.jwk || 'k' in header.jwk))
    throw refuse('The jwk of the DPoP proof must be a public key.')
  const key = keyInHeader(header)
  const verified = key && (await verifyWith(key.verifier, proof))
  if (!key || !verified) throw refuse('The DPoP proof is not signed with the key in its header.')
  const thumbprint = await calculateJwkThumbprint(key.verifier.key.export({ format: 'jwk' }))
  return { claims: verified.claims, thumbprint }
}

/** Sections 4.3 and 11.1 there: query and fragment do not count, and URLs are compared in their normal form. */
function withoutQuery(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

function isHashOf(ath: unknown, accessToken: string): boolean {
  return typeof ath === 'string' && sameText(ath, hash('sha256', accessToken, 'base64url'))
}

/** When the proof, in milliseconds, can no longer be used. With a nonce the time of the nonce counts, else that of the proof. */
function requireTime(ctx: Context, { iat, nonce }: Tree, { refuse, askForNonce }: ProofRequest): number {
  const { nonce_required: needsNonce, nonce_lifespan, proof_lifespan } = ctx.config.oauth2.oauth2.dpop
  if (typeof iat !== 'number' || !Number.isFinite(iat)) throw refuse('The DPoP proof must have the time iat.')
  if (needsNonce) {
    const issuedAt = typeof nonce === 'string' ? issueTimeOf(ctx, nonce) : undefined
    if (issuedAt === undefined) throw askForNonce()
    return issuedAt + nonce_lifespan
  }
  if (Math.abs(ctx.clock.now() - iat * 1000) > proof_lifespan)
    throw refuse('The time iat of the DPoP proof is too far from that of the server.')
  return Math.ceil(iat * 1000) + proof_lifespan + 1
}

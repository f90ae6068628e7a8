import { ApiError } from '@latchkey/api'
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { deviceBoundUrls } from './urls.ts'

/** The algorithms of the draft, without `none`. */
export const algorithms = ['ES256', 'RS256'] as const
/** A proof with an RSA key of 4,096 bits has less than 2 kB. */
const maxLength = 8192

/** The public key of a device, with its algorithm. */
export type DeviceKey = JWK & { readonly alg: (typeof algorithms)[number] }

/** The proof that a request carries (`Secure-Session-Response`); browsers send it with and without quotes. */
export function proofOf(call: Pick<Call, 'header'>): string | undefined {
  const text = call.header('secure-session-response')
  if (text === undefined) return undefined
  const proof = /^"?([\w.-]+)"?$/.exec(text.slice(0, maxLength + 1).trim())?.[1]
  if (!proof || proof.length > maxLength)
    throw ApiError.badRequest({ reason: 'The header Secure-Session-Response is not a JSON Web Token.' })
  return proof
}

/** The challenge that a proof answers, before its signature is verified. Throws 401. */
export function challengeIn(proof: string): string {
  try {
    const { jti } = decodeJwt(proof)
    if (typeof jti === 'string') return jti
  } catch {
    // It is no JSON Web Token.
  }
  throw refusal('The proof answers no challenge.')
}

/** The public key in the header of a proof of registration, without members that are not needed. Throws 401. */
export function keyIn(proof: string): DeviceKey {
  const { alg, jwk } = headerOf(proof)
  const key = typeof jwk === 'object' && jwk !== null ? publicKey(alg, jwk as JWK) : undefined
  if (!key) throw refusal('The proof contains no key of a supported algorithm, which are ES256 and RS256.')
  return key
}

/** Throws 401 unless the proof was signed with the key (the draft, section “DBSC Proof JWT Syntax”) for this server. */
export async function verifyProof(ctx: Context, proof: string, key: DeviceKey): Promise<void> {
  const { alg } = key
  const options = { algorithms: [alg], typ: 'dbsc+jwt', currentDate: new Date(ctx.clock.now()) }
  const verified = await importJWK(key, alg)
    .then((imported) => jwtVerify(proof, imported, options))
    .catch(() => undefined)
  if (!verified) throw refusal('The signature of the proof is not of the key of this device.')
  const { aud } = verified.payload
  if (aud !== undefined && ![aud].flat().some((one) => isOurs(ctx, one)))
    throw refusal('The proof was made for another audience.')
}

/** Browsers name the origin or the endpoint, if they name an audience at all; the draft has none. */
function isOurs(ctx: Context, audience: string): boolean {
  const { origin, registration, refresh } = deviceBoundUrls(ctx)
  return [origin, `${origin}/`, registration, refresh].includes(audience)
}

function headerOf(proof: string): { alg?: unknown; jwk?: unknown } {
  try {
    return decodeProtectedHeader(proof)
  } catch {
    throw refusal('The proof is not a JSON Web Token.')
  }
}

function publicKey(alg: unknown, { kty, crv, x, y, n, e }: JWK): DeviceKey | undefined {
  if (alg === 'ES256' && kty === 'EC' && crv === 'P-256' && isBase64Url(x, 43, 43) && isBase64Url(y, 43, 43))
    return { alg, kty, crv, x, y } as DeviceKey
  // 2,048 to 4,096 bits, and the usual exponent: others take long to verify.
  if (alg === 'RS256' && kty === 'RSA' && isBase64Url(n, 342, 683) && e === 'AQAB')
    return { alg, kty, n, e } as DeviceKey
  return undefined
}

function isBase64Url(text: unknown, shortest: number, longest: number): boolean {
  return typeof text === 'string' && text.length >= shortest && text.length <= longest && /^[\w-]+$/.test(text)
}

function refusal(reason: string): ApiError {
  return ApiError.unauthorized({ reason })
}

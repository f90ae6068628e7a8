import { ApiError } from '@latchkey/api'
import {
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers'
import { type KeyFlags, keyAlgorithms, type PublicKey } from '../../identity/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { authenticatorName } from './authenticator-names.ts'
import { hasMoreItems } from './cbor.ts'
import type { RelyingParty } from './relying-party.ts'
import { type AuthenticatorResponse, parseResponse, unreadable } from './response.ts'

/**
 * Verifies a new credential (WebAuthn Level 3, section 7.1) and returns it with the name that its authenticator has.
 * Throws 400 if it was not made for this challenge, relying party and origin, or not as asked for.
 */
export async function verifyNewKey(
  ctx: Context,
  rp: RelyingParty,
  { challenge, text, isPasswordless }: { challenge: string; text: string; isPasswordless: boolean },
): Promise<PublicKey> {
  const parsed = parseResponse(text, { required: ['clientDataJSON', 'attestationObject'] })
  refuseFrames(parsed)
  const attestation = decodeAttestation(parsed)
  const verified = await verifyRegistrationResponse({
    response: {
      id: parsed.id,
      rawId: parsed.id,
      type: 'public-key',
      response: {
        clientDataJSON: parsed.response.clientDataJSON ?? '',
        attestationObject: attestation.verifiable,
      },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: rp.userVerification === 'required',
    requireUserPresence: !rp.allowsSilentCreation,
    supportedAlgorithmIDs: [...keyAlgorithms],
  }).catch((error: unknown) => {
    ctx.log.debug({ err: error }, 'new public key credential refused')
    return undefined
  })
  const info = verified?.verified ? verified.registrationInfo : undefined
  if (!info || info.credential.id !== parsed.id)
    throw ApiError.badRequest({ reason: 'The new security key or passkey could not be verified.' })
  const aaguid = Buffer.from(info.aaguid.replaceAll('-', ''), 'hex')
  return {
    id: Buffer.from(parsed.id, 'base64url').toString('base64'),
    public_key: Buffer.from(info.credential.publicKey).toString('base64'),
    attestation_type: attestation.format,
    authenticator: { aaguid: aaguid.toString('base64'), sign_count: info.credential.counter, clone_warning: false },
    display_name: authenticatorName(info.aaguid),
    added_at: timestamp(Math.round(ctx.clock.now() / 1000) * 1000),
    is_passwordless: isPasswordless,
    flags: {
      user_present: true,
      user_verified: info.userVerified,
      backup_eligible: info.credentialDeviceType === 'multiDevice',
      backup_state: info.credentialBackedUp,
    },
    ...(parsed.transports.length > 0 && { transport: parsed.transports }),
    ...(rp.attestation && rp.attestation !== 'none' && { attestation: keptAttestation(parsed) }),
  }
}

/**
 * Attestation statements with certificates prove something only against trust anchors, of which there are none: they
 * are verified like a credential without attestation (section 7.1, step 24), so that nothing is fetched for them. A
 * self attestation is verified.
 */
function decodeAttestation({ response }: AuthenticatorResponse): { format: string; verifiable: string } {
  const given = response.attestationObject ?? ''
  try {
    const bytes = new Uint8Array(Buffer.from(given, 'base64url'))
    if (hasMoreItems(bytes, 0, mostItems)) throw unreadable(`its attestationObject has more than ${mostItems} items`)
    const decoded = decodeAttestationObject(bytes)
    const [format, statement, authData] = [decoded.get('fmt'), decoded.get('attStmt'), decoded.get('authData')]
    if (
      typeof format !== 'string' ||
      format.length > 32 ||
      !(statement instanceof Map) ||
      !(authData instanceof Uint8Array)
    )
      throw unreadable('its attestationObject lacks a member')
    refuseManyItems(authData)
    const isSelf = format === 'packed' && !statement.has('x5c')
    if (format === 'none' || isSelf) return { format, verifiable: given }
    const plain = isoCBOR.encode(
      new Map<string, string | Map<string, string> | Uint8Array>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, string>()],
        ['authData', authData],
      ]),
    )
    return { format, verifiable: Buffer.from(plain).toString('base64url') }
  } catch (error) {
    throw error instanceof ApiError ? error : unreadable('its attestationObject is not valid CBOR')
  }
}

/** More than keys, certificates and extensions have. */
const mostItems = 200

/**
 * Authenticator data (section 6.1) end with CBOR: the key after its id, if there is one (flag AT), and extensions. Throws
 * 400 if these have too many items.
 */
function refuseManyItems(authData: Uint8Array): void {
  const hasKey = ((authData[32] ?? 0) & 0x40) !== 0
  const idLength = ((authData[53] ?? 0) << 8) | (authData[54] ?? 0)
  if (hasMoreItems(authData, hasKey ? 55 + idLength : 37, mostItems))
    throw unreadable(`its authenticator data have more than ${mostItems} items`)
}

/** What an administrator needs to judge the attestation later, in the form of Kratos. */
function keptAttestation({ response }: AuthenticatorResponse): Record<string, unknown> {
  const base64 = (name: string) => Buffer.from(response[name] ?? '', 'base64url').toString('base64')
  // biome-ignore lint/style/useNamingConvention: the name in Ory's API
  return { client_dataJSON: base64('clientDataJSON'), object: base64('attestationObject') }
}

/** What an assertion told. */
export interface Assertion {
  signCount: number
  flags: KeyFlags
}

/** Reads the answer to a request for a signature, without verifying it. Throws 400. */
export function parseAssertion(text: string): AuthenticatorResponse {
  return parseResponse(text, {
    required: ['clientDataJSON', 'authenticatorData', 'signature'],
    optional: ['userHandle'],
  })
}

/**
 * Verifies that a key signed this challenge for this relying party and origin (WebAuthn Level 3, section 7.2). The
 * signature counter is compared when the assertion is redeemed. Returns undefined if it did not.
 */
export async function verifyAssertion(
  ctx: Context,
  rp: RelyingParty,
  { key, challenge, parsed }: { key: PublicKey; challenge: string; parsed: AuthenticatorResponse },
): Promise<Assertion | undefined> {
  const { response } = parsed
  const verified = await verifyResponse(rp, { key, challenge, parsed }).catch((error: unknown) => {
    ctx.log.debug({ err: error }, 'assertion refused')
    return undefined
  })
  if (!verified?.verified || response.clientDataJSON === undefined) return undefined
  const { newCounter, userVerified, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo
  const isBackupEligible = credentialDeviceType === 'multiDevice'
  // It never changes (section 6.1.3).
  if (key.flags && key.flags.backup_eligible !== isBackupEligible) return undefined
  return {
    signCount: newCounter,
    flags: {
      user_present: true,
      user_verified: userVerified,
      backup_eligible: isBackupEligible,
      backup_state: credentialBackedUp,
    },
  }
}

async function verifyResponse(
  rp: RelyingParty,
  { key, challenge, parsed }: { key: PublicKey; challenge: string; parsed: AuthenticatorResponse },
): Promise<VerifiedAuthenticationResponse> {
  refuseFrames(parsed)
  refuseManyItems(new Uint8Array(Buffer.from(parsed.response.authenticatorData ?? '', 'base64url')))
  const { clientDataJSON = '', authenticatorData = '', signature = '' } = parsed.response
  return verifyAuthenticationResponse({
    response: {
      id: parsed.id,
      rawId: parsed.id,
      type: 'public-key',
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    credential: { id: parsed.id, publicKey: new Uint8Array(Buffer.from(key.public_key, 'base64')), counter: 0 },
    requireUserVerification: rp.userVerification === 'required',
  })
}

/** No page of another origin may frame the ceremony (section 7.2, step 14). Throws 400. */
function refuseFrames({ response }: AuthenticatorResponse): void {
  let clientData: { crossOrigin?: unknown } | null
  try {
    clientData = JSON.parse(Buffer.from(response.clientDataJSON ?? '', 'base64url').toString('utf8'))
  } catch {
    throw unreadable('its clientDataJSON is not valid JSON')
  }
  if (typeof clientData !== 'object' || clientData === null) throw unreadable('its clientDataJSON is not an object')
  if (clientData.crossOrigin === true) throw ApiError.badRequest({ reason: 'The page was framed by another origin.' })
}

import { keyAlgorithms, type PublicKey } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { RelyingParty } from './relying-party.ts'

/** The options of a ceremony as pages pass them to `navigator.credentials`, with binary members in base64url. */
export interface CeremonyOptions {
  publicKey: { challenge: string } & Record<string, unknown>
}

/** For whom a credential is made. */
export interface CredentialUser {
  /** The user handle (WebAuthn, section 5.4.3). */
  handle: Uint8Array
  /** Shown by the authenticator. */
  name: string
}

/**
 * The options for a new credential (WebAuthn, section 5.4). Keys that the user has already are excluded, so that no
 * authenticator is registered twice.
 */
export function creationOptions(
  ctx: Context,
  rp: RelyingParty,
  { user, existing }: { user: CredentialUser; existing: readonly PublicKey[] },
): CeremonyOptions {
  return {
    publicKey: {
      rp: { name: rp.name, id: rp.id },
      user: { name: user.name, displayName: user.name, id: Buffer.from(user.handle).toString('base64url') },
      challenge: newChallenge(ctx),
      pubKeyCredParams: keyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
      timeout: rp.timeouts.registration,
      ...(existing.length > 0 && { excludeCredentials: existing.map(descriptorOf) }),
      authenticatorSelection: {
        ...(rp.attachment && { authenticatorAttachment: rp.attachment }),
        ...(rp.residentKey && {
          requireResidentKey: rp.residentKey === 'required',
          residentKey: rp.residentKey,
        }),
        userVerification: rp.userVerification,
      },
      // It is the default of browsers.
      ...(rp.attestation && rp.attestation !== 'none' && { attestation: rp.attestation }),
    },
  }
}

/** The options for using a credential (WebAuthn, section 5.5): one of these keys or, without them, any discoverable one. */
export function requestOptions(ctx: Context, rp: RelyingParty, allowed: readonly PublicKey[] = []): CeremonyOptions {
  return {
    publicKey: {
      challenge: newChallenge(ctx),
      timeout: rp.timeouts.login,
      rpId: rp.id,
      ...(allowed.length > 0 && { allowCredentials: allowed.map(descriptorOf) }),
      userVerification: rp.userVerification,
    },
  }
}

function descriptorOf({ id, transport = [] }: PublicKey) {
  return {
    type: 'public-key',
    id: Buffer.from(id, 'base64').toString('base64url'),
    ...(transport.length > 0 && { transports: transport }),
  }
}

function newChallenge({ random }: Context): string {
  return random.bytes(32).toString('base64url')
}

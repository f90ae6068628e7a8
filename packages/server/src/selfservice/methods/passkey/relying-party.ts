import type { Context } from '../../../kernel/context.ts'
import { originsOf, type RelyingParty, timeoutsFor } from '../../ceremonies/relying-party.ts'

/** The relying party of passkeys, as configured. */
export function relyingParty(ctx: Context): RelyingParty {
  const { config } = ctx.config.identity.selfservice.methods.passkey
  const { rp, authenticator_selection: selection, attestation, timeouts } = config ?? {}
  if (!rp) throw new Error('passkeys are switched on without a relying party')
  const userVerification = selection?.user_verification ?? 'preferred'
  return {
    id: rp.id,
    name: rp.display_name,
    origins: originsOf(ctx, rp.id, rp.origins),
    ...(selection?.attachment && { attachment: selection.attachment }),
    residentKey: selection?.resident_key ?? 'required',
    userVerification,
    attestation: attestation?.preference ?? 'none',
    timeouts: timeoutsFor(userVerification, timeouts),
  }
}

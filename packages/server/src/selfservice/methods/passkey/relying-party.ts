import type { Context } from '../../../kernel/context.ts'
import { originsOf, type RelyingParty, timeoutsFor } from '../../ceremonies/relying-party.ts'

/**
 * The relying party of passkeys, as configured. Kratos 26.2 lets people register passkeys of their device only; the
 * versions after it, which know `authenticator_selection`, passkeys of every kind unless it names one.
 */
export function relyingParty(ctx: Context): RelyingParty {
  const { config } = ctx.config.identity.selfservice.methods.passkey
  const { rp, authenticator_selection: selection, attestation, timeouts, upgrade_ui_url: upgradePage } = config ?? {}
  if (!rp) throw new Error('passkeys are switched on without a relying party')
  const attachment = selection ? selection.attachment : 'platform'
  const userVerification = selection?.user_verification ?? 'preferred'
  return {
    id: rp.id,
    name: rp.display_name,
    origins: originsOf(ctx, rp.id, rp.origins),
    ...(attachment && { attachment }),
    residentKey: selection?.resident_key ?? 'required',
    userVerification,
    allowsSilentCreation: upgradePage !== undefined,
    attestation: attestation?.preference ?? 'none',
    timeouts: timeoutsFor(userVerification, timeouts),
  }
}

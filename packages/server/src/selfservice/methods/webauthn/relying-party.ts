import type { Context } from '../../../kernel/context.ts'
import { originsOf, type RelyingParty, timeoutsFor } from '../../ceremonies/relying-party.ts'

/** The relying party of security keys, as configured. As in Kratos, people need not be verified by their key. */
export function relyingParty(ctx: Context): RelyingParty {
  const { rp } = ctx.config.identity.selfservice.methods.webauthn.config ?? {}
  if (!rp) throw new Error('security keys are switched on without a relying party')
  return {
    id: rp.id,
    name: rp.display_name,
    origins: originsOf(ctx, rp.id, rp.origins ?? (rp.origin ? [rp.origin] : undefined)),
    userVerification: 'discouraged',
    timeouts: timeoutsFor('discouraged'),
  }
}

/** Whether keys are registered as a first factor, instead of as a second one. */
export function isPasswordless(ctx: Context): boolean {
  return ctx.config.identity.selfservice.methods.webauthn.config?.passwordless === true
}

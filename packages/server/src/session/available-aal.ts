import type { Context } from '../kernel/context.ts'
import type { Aal } from './record.ts'

/** The highest assurance level that an identity can reach with the second factors it has, as far as they are enabled. */
export function highestAal(ctx: Context, secondFactors: readonly string[]): Aal {
  const { totp, lookup_secret, webauthn, code } = ctx.config.identity.selfservice.methods
  const enabled: Record<string, boolean> = {
    totp: totp.enabled,
    lookup_secret: lookup_secret.enabled,
    webauthn: webauthn.enabled,
    code: code.enabled && code.mfa_enabled,
  }
  return secondFactors.some((factor) => enabled[factor]) ? 'aal2' : 'aal1'
}

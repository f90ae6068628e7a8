import type { Identity } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Aal } from './record.ts'

/** The highest assurance level that an identity can reach with the factors it has, as far as they are enabled. */
export function highestAal(ctx: Context, { credentials }: Identity): Aal {
  const { methods } = ctx.config.identity.selfservice
  const has = (list: unknown) => Array.isArray(list) && list.length > 0
  const second =
    (methods.totp.enabled && Boolean(credentials.totp?.config.totp_url)) ||
    (methods.lookup_secret.enabled && has(credentials.lookup_secret?.config.recovery_codes)) ||
    (methods.webauthn.enabled && webauthnAsSecond(credentials.webauthn?.config.credentials)) ||
    (methods.code.enabled && methods.code.mfa_enabled && has(credentials.code?.config.addresses))
  return second ? 'aal2' : 'aal1'
}

/** Keys that were registered for signing in without a password are a first factor. */
function webauthnAsSecond(keys: unknown): boolean {
  return Array.isArray(keys) && keys.some((key: { is_passwordless?: boolean }) => key.is_passwordless !== true)
}

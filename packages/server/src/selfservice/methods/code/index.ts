import type { Method } from '../../turn.ts'
import { login } from './login.ts'
import { recovery } from './recovery.ts'
import { registration } from './registration.ts'
import { verification } from './verification.ts'

/** One-time codes of six digits by mail or text message. */
export const code: Method = {
  name: 'code',
  enabled(ctx, { name, aal }) {
    const {
      enabled,
      passwordless_enabled: passwordless,
      mfa_enabled: mfa,
    } = ctx.config.identity.selfservice.methods.code
    if (!enabled) return false
    if (name === 'login') return aal === 'aal2' ? mfa : passwordless
    return name === 'registration' ? passwordless : true
  },
  login,
  registration,
  recovery,
  verification,
}

import type { Method } from '../../turn.ts'
import { login } from './login.ts'
import { registration } from './registration.ts'
import { settings } from './settings.ts'

export const password: Method = {
  name: 'password',
  enabled: (ctx, flow) => ctx.config.identity.selfservice.methods.password.enabled && flow.aal !== 'aal2',
  login,
  registration,
  settings,
}

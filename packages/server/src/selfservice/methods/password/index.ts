import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { registration } from './registration.ts'
import { settings } from './settings.ts'

export const password: Method = {
  name: 'password',
  group: 'password',
  aal: () => ['aal1'],
  config,
  after,
  requests({ password: { config } }) {
    const { enabled, config: request } = config.migrate_hook
    return enabled && request ? [{ path: ['config', 'migrate_hook', 'config'], request }] : []
  },
  credential: 'password',
  login,
  registration,
  settings,
}

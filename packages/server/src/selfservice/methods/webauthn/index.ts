import type { Method } from '../../method.ts'
import { after, config } from './config.ts'

/** Security keys. It can be configured but not switched on yet. */
export const webauthn: Method = {
  name: 'webauthn',
  group: 'webauthn',
  config,
  after,
  credential: 'webauthn',
  isRefusedIn: ({ name, type }) => name === 'login' && type === 'browser',
}

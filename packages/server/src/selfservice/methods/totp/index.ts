import { textField } from '../../flow/body.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { settings } from './settings.ts'

/** One-time codes of an authenticator app as a second factor (RFC 6238). */
export const totp: Method = {
  name: 'totp',
  group: 'totp',
  aal: () => ['aal2'],
  config,
  after,
  credential: 'totp',
  // The button that removes the app carries no method.
  claims: ({ flow, body }) =>
    flow.name === 'settings' && !textField(body, 'method') && Boolean(textField(body, 'totp_unlink')),
  login,
  settings,
}

import { ApiError } from '@latchkey/api'
import { isTrue } from '../../../kernel/go-boolean.ts'
import { textField } from '../../flow/body.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { settings } from './settings.ts'

const buttons = ['reveal', 'regenerate', 'confirm', 'disable'].map((action) => `lookup_secret_${action}`)

/** Backup codes as a second factor: each signs in once. */
export const lookupSecret: Method = {
  name: 'lookup_secret',
  group: 'lookup_secret',
  aal: () => ['aal2'],
  config,
  after,
  credential: 'lookup_secret',
  isRefusedIn: ({ name }) => name === 'login',
  // In the settings its buttons are what it goes by, whether or not they carry its name.
  claims: ({ flow, body }) =>
    flow.name === 'settings' &&
    ['', 'lookup_secret'].includes(textField(body, 'method')) &&
    buttons.some((name) => isTrue(textField(body, name))),
  switchedOff: () => ApiError.notFound({ reason: 'Backup codes are switched off.' }),
  login,
  settings,
}

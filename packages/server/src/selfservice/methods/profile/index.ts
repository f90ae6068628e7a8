import { textField } from '../../flow/body.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { registration } from './registration.ts'
import { settings } from './settings.ts'

/** Traits: given at sign-up in a step of their own, changed in the settings. */
export const profile: Method = {
  name: 'profile',
  group: 'profile',
  config,
  after,
  // The button that leads back carries no method.
  claims: ({ flow, body }) =>
    flow.name === 'registration' && !textField(body, 'method') && Boolean(textField(body, 'screen')),
  registration,
  settings,
}

import { textField } from '../../flow/body.ts'
import type { Flow } from '../../flow/flow.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { registration } from './registration.ts'
import { relyingParty } from './relying-party.ts'
import { settings } from './settings.ts'

/** Security keys (WebAuthn Level 3), in browsers only: a second factor or, if configured so, a first one. */
export const webauthn: Method = {
  name: 'webauthn',
  group: 'webauthn',
  // Keys that were registered under the other configuration stay what they were.
  aal: ({ config: { identity } }) =>
    identity.selfservice.methods.webauthn.config?.passwordless ? ['aal1', 'aal2'] : ['aal2'],
  config,
  after,
  credential: 'webauthn',
  relyingParty,
  isChosenByName: ({ name }) => name === 'login',
  isRefusedIn: ({ name, type }) => name === 'login' && type === 'browser',
  // The script of the page fills a field and presses no button, so that no method is named.
  claims: ({ flow, body }) =>
    flow.type === 'browser' &&
    ['', 'webauthn'].includes(textField(body, 'method')) &&
    fieldsOf(flow).some((name) => textField(body, name) !== ''),
  login,
  registration,
  settings,
}

/** The fields of a flow whose values are submissions. */
function fieldsOf({ name }: Pick<Flow, 'name'>): string[] {
  if (name === 'login') return ['webauthn_login']
  if (name === 'registration') return ['webauthn_register']
  return name === 'settings' ? ['webauthn_register', 'webauthn_remove'] : []
}

import { ApiError } from '@latchkey/api'
import { textField } from '../../flow/body.ts'
import type { Flow } from '../../flow/flow.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { registration } from './registration.ts'
import { relyingParty } from './relying-party.ts'
import { settings } from './settings.ts'
import { upgradeUrl } from './upgrade.ts'

/** Passkeys (WebAuthn Level 3): discoverable credentials that are a first factor of their own. */
export const passkey: Method = {
  name: 'passkey',
  group: 'passkey',
  aal: () => ['aal1'],
  config,
  after,
  credential: 'passkey',
  relyingParty,
  isChosenByName: ({ name }) => name === 'login',
  isRefusedIn: ({ name }) => name === 'login',
  // The script of the page fills a field and presses no button, so that no method is named.
  claims: ({ flow, body }) =>
    ['', 'passkey'].includes(textField(body, 'method')) &&
    fieldsOf(flow).some((name) => !['', 'true'].includes(textField(body, name))),
  switchedOff: () => ApiError.notFound({ reason: 'Passkeys are switched off.' }),
  pageAfterSignIn(ctx, { identity, method, to }) {
    const { upgrade_ui_url: page } = ctx.config.identity.selfservice.methods.passkey.config ?? {}
    return page && method === 'password' ? upgradeUrl(ctx, page, { identity, to }) : undefined
  },
  login,
  registration,
  settings,
}

/** The fields of a flow whose values are submissions; "true" is what some clients send for an empty one. */
function fieldsOf({ name }: Pick<Flow, 'name'>): string[] {
  if (name === 'login') return ['passkey_login']
  if (name === 'registration') return ['passkey_register']
  return name === 'settings' ? ['passkey_settings_register', 'passkey_remove'] : []
}

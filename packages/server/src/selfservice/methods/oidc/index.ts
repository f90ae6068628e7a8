import { ApiError } from '@latchkey/api'
import { textField } from '../../flow/body.ts'
import type { Method, SubmissionContext } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { registration } from './registration.ts'
import { settings } from './settings.ts'

/** Social sign-in: signing in, signing up and connecting accounts at providers of OpenID Connect and OAuth 2.0. */
export const oidc: Method = {
  name: 'oidc',
  group: 'oidc',
  aal: () => ['aal1'],
  isOfferedFirst: true,
  config,
  after,
  credential: 'oidc',
  claims: names,
  isRefusedIn: () => false,
  switchedOff: () => ApiError.notFound({ reason: 'There is no such sign-in provider.' }),
  login,
  registration,
  settings,
}

/** Naming a provider chooses this method, unless the body names another one. */
function names({ flow, body }: Pick<SubmissionContext, 'flow' | 'body'>): boolean {
  const method = textField(body, 'method').toLowerCase()
  if (method !== '' && method !== 'oidc') return false
  if (flow.name === 'settings') return Boolean(textField(body, 'link') || textField(body, 'unlink'))
  return (flow.name === 'login' || flow.name === 'registration') && Boolean(textField(body, 'provider'))
}

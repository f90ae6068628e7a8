import { ApiError } from '@latchkey/api'
import { textField } from '../../flow/body.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'

/** Social sign-in. It can be configured but not switched on yet. */
export const oidc: Method = {
  name: 'oidc',
  group: 'oidc',
  config,
  after,
  credential: 'oidc',
  // Naming a provider chooses this method, whatever else the body says.
  claims: ({ flow, body }) =>
    (flow.name === 'login' || flow.name === 'registration') && Boolean(textField(body, 'provider')),
  switchedOff: () => ApiError.notFound({ reason: 'There is no such sign-in provider.' }),
}

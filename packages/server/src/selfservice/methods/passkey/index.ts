import { ApiError } from '@latchkey/api'
import { textField } from '../../flow/body.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'

/** Passkeys. They can be configured but not switched on yet. */
export const passkey: Method = {
  name: 'passkey',
  group: 'passkey',
  config,
  after,
  credential: 'passkey',
  isRefusedIn: ({ name }) => name === 'login',
  claims: ({ flow, body }) => flow.name === 'registration' && Boolean(textField(body, 'passkey_register')),
  switchedOff: () => ApiError.notFound({ reason: 'Passkeys are switched off.' }),
}

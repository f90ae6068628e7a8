import type { Context } from '../../../kernel/context.ts'
import { textField } from '../../flow/body.ts'
import { isChoosingAddress } from '../../flow/flow.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { recovery } from './recovery.ts'
import { registration } from './registration.ts'
import { verification } from './verification.ts'

/** Six-digit one-time codes sent by email or SMS. */
export const code: Method = {
  name: 'code',
  group: 'code',
  config,
  after,
  credential: 'code',
  aal(ctx: Context) {
    const { passwordless_enabled: first, mfa_enabled: second } = ctx.config.identity.selfservice.methods.code
    return [...(first ? ['aal1' as const] : []), ...(second ? ['aal2' as const] : [])]
  },
  claims({ request, flow, body }) {
    // After a code was sent, submissions without an address contain a code.
    if (flow.name === 'recovery') {
      return isChoosingAddress(flow) || (flow.state !== 'choose_method' && !textField(body, 'email'))
    }
    if (flow.name !== 'verification') return false
    if (request.method !== 'GET') return !textField(body, 'method') && Boolean(textField(body, 'code'))
    // The link in the message opens the form with the code filled in.
    return flow.state === 'sent_email' && Boolean(request.search.get('code')) && !request.search.get('token')
  },
  login,
  registration,
  recovery,
  verification,
}

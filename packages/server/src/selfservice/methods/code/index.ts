import type { Context } from '../../../kernel/context.ts'
import type { Method } from '../../method.ts'
import { after, config } from './config.ts'
import { login } from './login.ts'
import { recovery } from './recovery.ts'
import { registration } from './registration.ts'
import { verification } from './verification.ts'

/** One-time codes of six digits by mail or text message. */
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
  // The link of a message opens the form of its flow with the code filled in.
  claims: ({ request, flow }) =>
    flow.name === 'verification' &&
    request.method === 'GET' &&
    flow.state === 'sent_email' &&
    Boolean(request.search.get('code')) &&
    !request.search.get('token'),
  login,
  registration,
  recovery,
  verification,
}

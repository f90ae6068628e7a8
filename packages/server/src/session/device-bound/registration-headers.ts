import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Session } from '../record.ts'
import { issueChallenge } from './challenge.ts'
import { algorithms } from './proof.ts'
import { deviceBoundUrls } from './urls.ts'

/**
 * The header by which the answer to a sign-in asks the browser to bind the session to its device. Browsers that cannot,
 * ignore it. There is none if the session is bound already.
 */
export function registrationHeaders(
  ctx: Context,
  call: Pick<Call, 'header'>,
  { id, boundAt, act }: Pick<Session, 'id' | 'boundAt' | 'act'>,
): Record<string, string> {
  if (!ctx.config.identity.session.device_bound.enabled || boundAt !== undefined || act) return {}
  // After a sign-in that comes from a page of another site, such as a provider's, the browser registers the key as if
  // that page did, without cookies that are SameSite.
  const isForeign = call.header('sec-fetch-site') === 'cross-site'
  const purpose = isForeign ? 'register-without-cookie' : 'register'
  const challenge = issueChallenge(ctx, { purpose, sessionId: id, issuedAt: ctx.clock.now() })
  const { registration } = deviceBoundUrls(ctx)
  return {
    'secure-session-registration': `(${algorithms.join(' ')});path="${registration}";challenge="${challenge}"`,
  }
}

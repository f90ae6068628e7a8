import { secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { aal2Required, highestAal, type Session, type Signed, secondFactorUrl } from '../../../session/index.ts'
import type { BeginOutcome } from '../../outcome.ts'

/**
 * Checks whether the AAL of a session is sufficient for settings. If not, scripts and apps get an error, and browsers
 * are redirected to the second factor and then to `returnTo`.
 */
export function refuseWeakSession(
  ctx: Context,
  { session, identity }: Signed,
  returnTo: string | undefined,
): Extract<BeginOutcome, { type: 'refused' }> | undefined {
  if (ctx.config.identity.selfservice.flows.settings.required_aal === 'aal1' || session.aal === 'aal2') return undefined
  if (highestAal(ctx, secondFactors(identity)) !== 'aal2') return undefined
  return { type: 'refused', error: aal2Required(ctx, returnTo), location: secondFactorUrl(ctx, returnTo) }
}

/** Whether the session is privileged: the sign-in is recent enough to change credentials. */
export function isPrivileged(ctx: Context, session: Session): boolean {
  return (
    session.authenticatedAt + ctx.config.identity.selfservice.flows.settings.privileged_session_max_age >
    ctx.clock.now()
  )
}

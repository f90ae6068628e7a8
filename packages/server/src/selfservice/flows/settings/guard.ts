import { secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { aal2Required, highestAal, type Session, type Signed, secondFactorUrl } from '../../../session/index.ts'
import type { BeginOutcome } from '../../outcome.ts'

/**
 * The one place that decides whether a session is strong enough for the settings. If it is not, scripts and apps get the
 * error and browsers go to the second factor, from which they come back to `returnTo`.
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

/** Whether the person signed in recently enough to change credentials. */
export function isPrivileged(ctx: Context, session: Session): boolean {
  return (
    session.authenticatedAt + ctx.config.identity.selfservice.flows.settings.privileged_session_max_age >
    ctx.clock.now()
  )
}

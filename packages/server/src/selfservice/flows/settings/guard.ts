import { secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { aal2Required, highestAal, type Session, type Signed } from '../../../session/index.ts'

/** The one place that decides whether a session is strong enough for the settings; `requestUrl` is come back to. */
export function requireSettingsAal(ctx: Context, { session, identity }: Signed, requestUrl: string): void {
  if (ctx.config.identity.selfservice.flows.settings.required_aal === 'aal1' || session.aal === 'aal2') return
  if (highestAal(ctx, secondFactors(identity)) !== 'aal2') return
  throw aal2Required(ctx, new URL(requestUrl).toString())
}

/** Whether the person signed in recently enough to change credentials. */
export function isPrivileged(ctx: Context, session: Session): boolean {
  return (
    session.authenticatedAt + ctx.config.identity.selfservice.flows.settings.privileged_session_max_age >
    ctx.clock.now()
  )
}

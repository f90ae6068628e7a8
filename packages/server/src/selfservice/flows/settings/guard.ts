import { type Identity, secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { aal2Required, highestAal, type Session } from '../../../session/index.ts'
import { publicUrl } from '../urls.ts'

/** The one place that decides whether a session is strong enough for the settings. */
export function requireSettingsAal(ctx: Context, call: Call, session: Session, identity: Identity): void {
  if (ctx.config.identity.selfservice.flows.settings.required_aal === 'aal1' || session.aal === 'aal2') return
  if (highestAal(ctx, secondFactors(identity)) !== 'aal2') return
  throw aal2Required(ctx, publicUrl(ctx, call.target.slice(1)).toString())
}

/** Whether the person signed in recently enough to change credentials. */
export function isPrivileged(ctx: Context, session: Session): boolean {
  return (
    session.authenticatedAt + ctx.config.identity.selfservice.flows.settings.privileged_session_max_age >
    ctx.clock.now()
  )
}

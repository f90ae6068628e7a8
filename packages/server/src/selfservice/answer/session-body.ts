import type { Session as SessionBody } from '@latchkey/api'
import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Session, sessionView } from '../../session/index.ts'

/** A session as self-service answers with it; a session that does not tell whose it is has null for its identity. */
export function sessionBody(
  ctx: Context,
  session: Session,
  {
    identity,
    devices = session.devices,
  }: { identity: Pick<Identity, 'document'> | undefined; devices?: Session['devices'] },
): SessionBody {
  const shown = identity ? publicView(ctx, identity) : null
  // The contract lists the methods and levels that a session can have, which are text in its record.
  return { ...sessionView(session, ctx.clock.now()), devices, identity: shown } as SessionBody
}

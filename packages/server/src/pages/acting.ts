import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { resolveSession } from '../session/index.ts'

const acting = new WeakMap<Call, { by: string }>()

/** Looks up whether an administrator acts in the session of a page, so that the page says so. */
export async function findActing(ctx: Context, call: Call): Promise<void> {
  if (!ctx.config.identity.session.impersonation.enabled) return
  const { act } = (await resolveSession(ctx, call))?.session ?? {}
  if (act) acting.set(call, { by: act.sub })
}

/** Who acts in the session of a page, if that was looked up. */
export function actingOn(call: Call): { by: string } | undefined {
  return acting.get(call)
}

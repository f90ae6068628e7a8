import { ApiError } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation, json, type Reply } from '../../kernel/http/index.ts'
import { requireSession } from '../../session/index.ts'
import { requireEnabled } from './begin.ts'
import { goneOnRead } from './expired.ts'
import type { Flow, FlowName } from './flow.ts'
import { requireSettingsAal } from './settings/guard.ts'
import { findFlow } from './store.ts'
import { flowView } from './view.ts'

/** Answers `GET /self-service/{flow}/flows?id=`: browsers see only what they began themselves. */
export async function readFlow(ctx: Context, call: Call, name: FlowName): Promise<Reply> {
  return json(200, await shownFlow(ctx, call, { name, id: call.search.get('id') ?? '' }))
}

/** A flow as the caller may see it; throws 404, 403 for somebody else's, 410 for one that ran out. */
export async function shownFlow(
  ctx: Context,
  call: Call,
  { name, id }: { name: FlowName; id: string },
): Promise<Record<string, unknown>> {
  if (name === 'recovery' || name === 'verification') requireEnabled(ctx, name)
  const flow = await findFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound()
  if (name === 'settings') return shownSettings(ctx, call, flow)
  if (flow.type === 'browser' && flow.csrfToken && !call.csrf.accepts(flow.csrfToken)) throw csrfViolation(call)
  if (flow.expiresAt <= ctx.clock.now()) throw goneOnRead(ctx, flow)
  return flowView(flow)
}

async function shownSettings(ctx: Context, call: Call, flow: Flow): Promise<Record<string, unknown>> {
  const { session, identity } = await requireSession(ctx, call)
  if (flow.identityId !== identity.document.id) throw ApiError.identityMismatch()
  requireSettingsAal(ctx, call, session, identity)
  if (flow.expiresAt <= ctx.clock.now()) throw goneOnRead(ctx, flow)
  return flowView(flow, publicView(ctx, identity))
}

import { ApiError } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation, json, type Reply } from '../../kernel/http/index.ts'
import { requireSession } from '../../session/index.ts'
import { requireSettingsAal } from './settings/guard.ts'
import { goneOnRead } from './expired.ts'
import type { Flow, FlowName } from './flow.ts'
import { findFlow } from './store.ts'
import { flowView } from './view.ts'

/** Answers `GET /self-service/{flow}/flows?id=`: browsers see only what they began themselves. */
export async function readFlow(ctx: Context, call: Call, name: FlowName): Promise<Reply> {
  const flow = await findFlow(ctx, name, call.search.get('id') ?? '')
  if (!flow) throw ApiError.notFound()
  if (name === 'settings') return readSettings(ctx, call, flow)
  if (flow.type === 'browser' && flow.csrfToken && !call.csrf.accepts(flow.csrfToken)) throw csrfViolation(call)
  if (flow.expiresAt <= ctx.clock.now()) throw goneOnRead(ctx, flow)
  return json(200, flowView(flow))
}

async function readSettings(ctx: Context, call: Call, flow: Flow): Promise<Reply> {
  const { session, identity } = await requireSession(ctx, call)
  if (flow.identityId !== identity.document.id) throw ApiError.identityMismatch()
  requireSettingsAal(ctx, call, session, identity)
  if (flow.expiresAt <= ctx.clock.now()) throw goneOnRead(ctx, flow)
  return json(200, flowView(flow, publicView(ctx, identity)))
}

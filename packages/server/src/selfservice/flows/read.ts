import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation } from '../../kernel/http/index.ts'
import { requireSession } from '../../session/index.ts'
import { goneOnRead } from '../flow/expiry.ts'
import type { Flow, FlowName, FlowOf } from '../flow/flow.ts'
import { pageUrl } from '../flow/urls.ts'
import { requireEnabled } from './begin-flow.ts'
import { loadFlow } from './forms.ts'
import { refuseWeakSession } from './settings/guard.ts'
import { isExpired } from './submission.ts'

/** A flow, and the identity whose settings it is for. */
export interface ReadFlow<Name extends FlowName> {
  flow: FlowOf<Name>
  identity?: Identity
}

/** A flow as the caller may see it; throws 404, 403 for somebody else's, 410 for an expired one. */
export async function readFlow<Name extends FlowName>(
  ctx: Context,
  request: Call,
  name: Name,
  id: string,
): Promise<ReadFlow<Name>> {
  if (name === 'recovery' || name === 'verification') requireEnabled(ctx, name)
  if (name === 'settings') await requireSession(ctx, request)
  const flow = await loadFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound()
  const identity = name === 'settings' ? await requireOwner(ctx, request, flow) : undefined
  if (name !== 'settings' && flow.type === 'browser' && flow.csrfToken && !request.csrf.accepts(flow.csrfToken))
    throw csrfViolation(request)
  if (isExpired(ctx, flow)) throw goneOnRead(ctx, flow)
  return { flow, identity }
}

async function requireOwner(ctx: Context, request: Call, flow: Flow): Promise<Identity> {
  const signed = await requireSession(ctx, request)
  if (flow.identityId !== signed.identity.document.id) throw ApiError.identityMismatch()
  const weak = refuseWeakSession(ctx, signed, pageUrl(ctx, flow))
  if (weak) throw weak.error
  return signed.identity
}

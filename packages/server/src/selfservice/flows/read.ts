import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation } from '../../kernel/http/index.ts'
import { requireSession, type Signed } from '../../session/index.ts'
import { showLoginRequest } from '../authorization/index.ts'
import { goneOnRead } from '../flow/expiry.ts'
import type { Flow, FlowName, FlowOf } from '../flow/flow.ts'
import { pageUrl } from '../flow/urls.ts'
import { requireEnabled } from './begin-flow.ts'
import { loadFlow } from './forms.ts'
import { requireTester, withTestContext } from './login/test-flow.ts'
import { refuseWeakSession } from './settings/guard.ts'
import { isExpired } from './submission.ts'

/** A flow, with the identity if it is a settings flow. */
export interface ReadFlow<Name extends FlowName> {
  flow: FlowOf<Name>
  identity?: Identity
}

/** Returns a flow. Throws 404 if there is none, 403 if it belongs to another client, and 410 if it has expired. */
export async function readFlow<Name extends FlowName>(
  ctx: Context,
  request: Call,
  name: Name,
  id: string,
): Promise<ReadFlow<Name>> {
  if (name === 'recovery' || name === 'verification') requireEnabled(ctx, name)
  const signed = name === 'settings' ? await requireSession(ctx, request) : undefined
  const flow = await loadFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound()
  const identity = signed && requireOwner(ctx, signed, flow)
  if (!signed && flow.type === 'browser' && flow.csrfToken && !request.csrf.accepts(flow.csrfToken))
    throw csrfViolation(request)
  if (isExpired(ctx, flow)) throw goneOnRead(ctx, flow)
  if (flow.loginChallenge !== undefined) await showLoginRequest(ctx, flow)
  if (flow.testedProvider === undefined) return { flow, identity }
  requireTester(ctx, request, flow as FlowOf<'login'>)
  return { flow: withTestContext(ctx, flow as FlowOf<'login'>) as FlowOf<Name> }
}

function requireOwner(ctx: Context, signed: Signed, flow: Flow): Identity {
  if (flow.identityId !== signed.identity.document.id) throw ApiError.identityMismatch()
  const weak = refuseWeakSession(ctx, signed, pageUrl(ctx, flow))
  if (weak) throw weak.error
  return signed.identity
}

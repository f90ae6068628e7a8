import type { UiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Signed } from '../../session/index.ts'
import { successor } from '../flow/create.ts'
import { goneOnSubmit } from '../flow/expiry.ts'
import type { Flow } from '../flow/flow.ts'
import { noteStep } from '../flow/steps.ts'
import { insertFlow } from '../flow/store.ts'
import { publicText } from '../flow/urls.ts'
import { runHooksBefore } from '../hooks/index.ts'
import type { Outcome } from '../outcome.ts'
import { addMessage } from '../ui/container.ts'
import { formOf } from './forms.ts'

/** Replaces an expired flow by a new one with a message about the expiry. */
export async function replaceExpired(
  ctx: Context,
  request: Call,
  expired: Flow,
  how: { message: UiText; keeps?: Partial<Flow>; signed?: Signed; details?: (fresh: Flow) => Record<string, unknown> },
): Promise<Outcome> {
  const fresh = await freshFlow(ctx, request, expired, how)
  await runHooksBefore({ ctx, request, flow: fresh })
  await insertFlow(ctx, fresh)
  return { type: 'replaced', fresh, error: goneOnSubmit(ctx, expired, fresh, how.details?.(fresh)) }
}

/** Creates and stores a replacement for a flow that is no longer usable, with a message about the reason. */
export async function storeFresh(
  ctx: Context,
  request: Call,
  flow: Flow,
  { message, keepsUrl = false }: { message: UiText; keepsUrl?: boolean },
): Promise<Flow> {
  const keeps = keepsUrl ? {} : { requestUrl: publicText(ctx, request.target), returnTo: undefined }
  const fresh = await freshFlow(ctx, request, flow, { message, keeps })
  await insertFlow(ctx, fresh)
  return fresh
}

async function freshFlow(
  ctx: Context,
  request: Call,
  flow: Flow,
  { message, keeps, signed }: { message: UiText; keeps?: Partial<Flow>; signed?: Signed },
): Promise<Flow> {
  const fresh: Flow = { ...successor(ctx, request, flow), ...keeps }
  noteStep(ctx, flow, 'new_flow', { flow_id: fresh.id })
  await formOf(ctx, fresh, signed).rebuild()
  addMessage(fresh.ui, message)
  return fresh
}

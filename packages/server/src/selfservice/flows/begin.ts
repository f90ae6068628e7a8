import type { UiNode } from '@latchkey/api'
import { ApiError } from '@latchkey/api'
import { languageOf } from '@latchkey/web'
import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Call, jsonText, type Reply, redirect } from '../../kernel/http/index.ts'
import { runHooksBefore } from '../hooks/before.ts'
import { csrfNode } from '../ui/nodes.ts'
import { answerError } from './answer.ts'
import type { Flow, FlowName } from './flow.ts'
import { checkedReturnTo } from './return-to.ts'
import { insertFlow } from './store.ts'
import { uiText, withUi } from './text.ts'
import { pageUrl, publicText, submitUrl } from './urls.ts'
import { flowView } from './view.ts'

/** A new flow with an empty form; it is not stored yet. */
export function newFlow(ctx: Context, call: Call, name: FlowName, type: Flow['type'], returnTo?: string): Flow {
  // Random enough that nobody guesses it, and in the order of time, which suits the database.
  const id = ctx.random.orderedUuid()
  const now = ctx.clock.now()
  const language = languageOf(call.header('accept-language'))
  return {
    id,
    name,
    type,
    state: name === 'settings' ? 'show_form' : 'choose_method',
    requestUrl: publicText(ctx, call.target),
    ...(returnTo && { returnTo }),
    ...(language !== 'en' && { language }),
    issuedAt: now,
    expiresAt: now + ctx.config.identity.selfservice.flows[name].lifespan,
    updatedAt: now,
    csrfToken: type === 'browser' ? call.csrf.formToken() : '',
    ui: { action: submitUrl(ctx, name, id), method: 'POST', nodes: [] },
  }
}

/** A new flow as the request asks for it; throws if its `return_to` is not allowed. */
export function requestedFlow(ctx: Context, call: Call, name: FlowName, type: Flow['type']): Flow {
  return newFlow(ctx, call, name, type, checkedReturnTo(ctx, call.search.get('return_to')))
}

export function csrfOf(flow: Flow): UiNode {
  return csrfNode(flow.csrfToken)
}

/** Stores a new flow and answers with it: apps and scripts get JSON, browsers go to its page. */
export async function answerNew(ctx: Context, call: Call, flow: Flow, identity?: Identity): Promise<Reply> {
  await runHooksBefore({ ctx, call, flow }, identity)
  await insertFlow(ctx, flow)
  if (flow.type === 'api' || call.wantsJson)
    return jsonText(200, withUi(flowView(flow, identity && publicView(ctx, identity)), uiText(flow.ui)))
  return redirect(pageUrl(ctx, flow))
}

/** Runs what begins a flow and turns what it throws into an answer of the caller's kind. */
export async function beginning(
  ctx: Context,
  call: Call,
  type: Flow['type'],
  run: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await run()
  } catch (error) {
    return answerError(ctx, call, error, type)
  }
}

/** Throws where a flow is switched off by configuration. */
export function requireEnabled(ctx: Context, name: 'registration' | 'recovery' | 'verification'): void {
  if (ctx.config.identity.selfservice.flows[name].enabled) return
  const reason = `${sentence[name]} is switched off.`
  throw name === 'registration' ? ApiError.flowDisabled(reason) : ApiError.badRequest({ reason })
}

const sentence = { registration: 'Signing up', recovery: 'Recovery', verification: 'Verification' }

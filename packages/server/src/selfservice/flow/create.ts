import { languages, type UiNode } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { preferredLanguage } from '../../kernel/http/language.ts'
import { csrfNode } from '../ui/nodes.ts'
import type { Flow, FlowName } from './flow.ts'
import { setFlowOf } from './flow-of-call.ts'
import { noteStep } from './steps.ts'
import { submitUrl } from './urls.ts'

export interface NewFlow {
  name: FlowName
  type: Flow['type']
  /** The requested public URL. */
  requestUrl: string
  returnTo?: string
  loginChallenge?: string | undefined
  /** The language of the flow that leads to this one; otherwise the one that the request prefers. */
  language?: Flow['language']
}

/** Creates a flow with an empty form, without storing it. */
export function newFlow(
  ctx: Context,
  client: Call,
  { name, type, requestUrl, returnTo, loginChallenge, ...cause }: NewFlow,
): Flow {
  // Random enough not to be guessable, and ordered by time for the locality of index inserts.
  const id = ctx.random.orderedUuid()
  const now = ctx.clock.now()
  const language = cause.language ?? preferredLanguage(client.header('accept-language'), languages)
  const flow: Flow = {
    id,
    name,
    type,
    state: name === 'settings' ? 'show_form' : 'choose_method',
    requestUrl,
    ...(returnTo && { returnTo }),
    ...(loginChallenge !== undefined && { loginChallenge }),
    ...(language !== 'en' && { language }),
    issuedAt: now,
    expiresAt: now + ctx.config.identity.selfservice.flows[name].lifespan,
    updatedAt: now,
    csrfToken: type === 'browser' ? client.csrf.formToken() : client.csrf.knownFormToken(),
    ui: { action: submitUrl(ctx, name, id), method: 'POST', nodes: [] },
  }
  noteStep(ctx, flow, 'begun', { request: client.id })
  setFlowOf(client, flow)
  return flow
}

/** Creates a flow that replaces another one, with the same name, type, request URL, `return_to` and login request. */
export function successor(ctx: Context, client: Call, flow: Flow): Flow {
  const { name, type, requestUrl, returnTo, loginChallenge, language } = flow
  return newFlow(ctx, client, { name, type, requestUrl, returnTo, loginChallenge, language })
}

export function csrfOf(flow: Flow): UiNode {
  return csrfNode(flow.csrfToken)
}

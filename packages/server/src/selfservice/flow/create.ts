import { languages, type UiNode } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { preferredLanguage } from '../../kernel/http/language.ts'
import { csrfNode } from '../ui/nodes.ts'
import type { Flow, FlowName } from './flow.ts'
import { submitUrl } from './urls.ts'

export interface NewFlow {
  name: FlowName
  type: Flow['type']
  /** The public address that was asked for. */
  requestUrl: string
  returnTo?: string
}

/** A new flow with an empty form; it is not stored yet. */
export function newFlow(ctx: Context, client: Call, { name, type, requestUrl, returnTo }: NewFlow): Flow {
  // Random enough that nobody guesses it, and ordered by time, which suits the database.
  const id = ctx.random.orderedUuid()
  const now = ctx.clock.now()
  const language = preferredLanguage(client.header('accept-language'), languages)
  return {
    id,
    name,
    type,
    state: name === 'settings' ? 'show_form' : 'choose_method',
    requestUrl,
    ...(returnTo && { returnTo }),
    ...(language !== 'en' && { language }),
    issuedAt: now,
    expiresAt: now + ctx.config.identity.selfservice.flows[name].lifespan,
    updatedAt: now,
    csrfToken: type === 'browser' ? client.csrf.formToken() : client.csrf.knownFormToken(),
    ui: { action: submitUrl(ctx, name, id), method: 'POST', nodes: [] },
  }
}

/** A new flow that takes the place of another one of the same name: it keeps what the flow was asked for with. */
export function successor(ctx: Context, client: Call, { name, type, requestUrl, returnTo }: Flow): Flow {
  return newFlow(ctx, client, { name, type, requestUrl, returnTo })
}

export function csrfOf(flow: Flow): UiNode {
  return csrfNode(flow.csrfToken)
}

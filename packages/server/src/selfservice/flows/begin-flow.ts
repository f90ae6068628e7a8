import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { isTrue } from '../../kernel/go-boolean.ts'
import type { Call } from '../../kernel/http/index.ts'
import { isUuid } from '../../kernel/uuid.ts'
import type { Signed } from '../../session/index.ts'
import { newFlow } from '../flow/create.ts'
import type { Flow, FlowName } from '../flow/flow.ts'
import { checkedReturnTo } from '../flow/return-to.ts'
import { insertFlow } from '../flow/store.ts'
import { runHooksBefore } from '../hooks/index.ts'
import type { BeginOutcome } from '../outcome.ts'

/** The options for creating a flow; each flow uses a subset. */
export interface BeginOptions {
  type: Flow['type']
  /** The requested public URL. */
  requestUrl: string
  return_to?: string
  after_verification_return_to?: string
  refresh?: boolean
  aal?: string
  via?: string
  login_challenge?: string
  /** The UUID of an organization. Flows show it, but it makes nobody a member, because anybody can write it. */
  organization?: string
  identity_schema?: string
  return_session_token_exchange_code?: boolean
}

/** Parses the query of a request that creates a flow; empty parameters are treated as missing. */
export function parseBeginOptions(query: URLSearchParams, of: Pick<BeginOptions, 'type' | 'requestUrl'>): BeginOptions {
  const text = (name: string) => query.get(name) || undefined
  const organization = query.get('organization') ?? ''
  return {
    ...of,
    return_to: text('return_to'),
    after_verification_return_to: text('after_verification_return_to'),
    refresh: isTrue(query.get('refresh') ?? ''),
    aal: text('aal'),
    via: text('via'),
    login_challenge: query.get('login_challenge') ?? undefined,
    organization: isUuid(organization) ? organization.toLowerCase() : undefined,
    identity_schema: text('identity_schema'),
    return_session_token_exchange_code: query.get('return_session_token_exchange_code') === 'true',
  }
}

/** Creates a flow with the given options. Throws 400 if `return_to` is not allowed. */
export function requestedFlow(ctx: Context, client: Call, name: FlowName, options: BeginOptions): Flow {
  const { type, requestUrl, return_to: asked, login_challenge: loginChallenge } = options
  return newFlow(ctx, client, { name, type, requestUrl, returnTo: checkedReturnTo(ctx, asked), loginChallenge })
}

/** Stores a new flow, unless a hook rejects it. */
export async function storeNewFlow(ctx: Context, request: Call, flow: Flow, session?: Signed): Promise<BeginOutcome> {
  await runHooksBefore({ ctx, request, flow, ...(session && { session }) })
  await insertFlow(ctx, flow)
  return { type: 'begun', flow, ...(session && { identity: session.identity }) }
}

/** Throws if the flow is disabled in the configuration. */
export function requireEnabled(ctx: Context, name: 'registration' | 'recovery' | 'verification'): void {
  if (ctx.config.identity.selfservice.flows[name].enabled) return
  const reason = `${sentence[name]} is switched off.`
  throw name === 'registration' ? ApiError.flowDisabled(reason) : ApiError.badRequest({ reason })
}

const sentence = { registration: 'Signing up', recovery: 'Recovery', verification: 'Verification' }

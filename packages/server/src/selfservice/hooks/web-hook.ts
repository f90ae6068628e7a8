import { ApiError } from '@latchkey/api'
import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Answer } from '../../kernel/fetch.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Hook, WebHookConfig } from '../config.ts'
import { transientPayload } from '../flow/body.ts'
import { flowView } from '../flow/view.ts'
import type { SubmissionContext } from '../method.ts'
import { changeAsked, type IdentityChange, refusal } from './web-hook-answer.ts'

export type { IdentityChange } from './web-hook-answer.ts'

/** Where hooks run: a submission, or the beginning of a flow, which has no body. */
export type Occasion = Pick<SubmissionContext, 'ctx' | 'request' | 'flow'> & Partial<Pick<SubmissionContext, 'body'>>

const timeoutMs = 10_000

/** The web hooks that may refuse or change what is about to be stored; they are asked before, all others after. */
export function isAskedFirst(hook: Hook): boolean {
  return hook.hook === 'web_hook' && (hook.config.can_interrupt || hook.config.response.parse)
}

/**
 * Calls the web hooks among these hooks, one after the other. The body is JSON: the flow, the identity and what is
 * known of the request; bodies by Jsonnet come with the template engine. A hook that may interrupt stops the flow
 * when it answers with an error: FlowError with the messages that it gives, 400 without. Any other failure is 502,
 * but for hooks whose answer is not awaited. Gives what the hooks want changed of the identity.
 */
export async function callWebHooks(at: Occasion, hooks: readonly Hook[], identity?: Identity): Promise<IdentityChange> {
  const changes: IdentityChange[] = []
  let current = identity
  for (const hook of hooks) {
    if (hook.hook !== 'web_hook') continue
    if (hook.config.response.ignore) callWithoutWaiting(at, hook.config, current)
    else {
      const change = await callAndWait(at, hook.config, current)
      if (!change) continue
      changes.push(change)
      current &&= change(current)
    }
  }
  return (one) => changes.reduce((changed, change) => change(changed), one)
}

function callWithoutWaiting(at: Occasion, config: WebHookConfig, identity: Identity | undefined): void {
  at.ctx.afterCommit(() => void call(at, config, identity).catch((error) => logFailure(at, config, error)))
}

async function callAndWait(
  at: Occasion,
  config: WebHookConfig,
  identity: Identity | undefined,
): Promise<IdentityChange | undefined> {
  let answer: Answer
  try {
    answer = await call(at, config, identity)
  } catch (error) {
    logFailure(at, config, error)
    throw ApiError.upstream('A web hook could not be reached.')
  }
  if (answer.status < 400) return config.response.parse ? changeAsked(at.ctx, answer) : undefined
  logFailure(at, config, new Error(`answered ${answer.status}`))
  if (isAskedFirst({ hook: 'web_hook', config })) throw refusal(answer)
  throw ApiError.upstream('A web hook failed.')
}

async function call(at: Occasion, config: WebHookConfig, identity: Identity | undefined): Promise<Answer> {
  const hasBody = !['GET', 'HEAD', 'TRACE'].includes(config.method.toUpperCase())
  return at.ctx.fetch(config.url, {
    method: config.method.toUpperCase(),
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...config.headers, ...authorization(config) },
    body: hasBody ? JSON.stringify(payload(at, identity)) : undefined,
    timeoutMs,
  })
}

/** Secrets of the request (cookies, tokens, submitted values) are not told. */
function payload({ ctx, request, flow, body = {} }: Occasion, identity: Identity | undefined): object {
  const { ui: _ui, ...shown } = flowView(flow)
  return {
    flow: { ...shown, transient_payload: flow.transientPayload ?? transientPayload(body) },
    ...(identity && { identity: publicView(ctx, identity) }),
    request_method: request.method,
    request_url: flow.requestUrl,
    request_headers: allowedHeaders(ctx, request),
  }
}

/** The headers that the configuration lets web hooks know, by their names as Go writes them. */
function allowedHeaders(ctx: Context, request: Call): Record<string, string[]> {
  const names = ctx.config.identity.clients.web_hook.header_allowlist
  const found = names.map((name) => [canonical(name), request.header(name.toLowerCase())] as const)
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])))
}

const canonical = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

function authorization({ auth }: WebHookConfig): Record<string, string> {
  if (!auth) return {}
  if (auth.type === 'basic_auth') {
    const { user, password } = auth.config
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  }
  const { name, value, in: place } = auth.config
  return place === 'cookie' ? { cookie: `${name}=${value}` } : { [name.toLowerCase()]: value }
}

function logFailure({ ctx, flow }: Occasion, config: WebHookConfig, error: unknown): void {
  ctx.log.warn({ err: error, web_hook: config.id ?? new URL(config.url).host, flow: flow.name }, 'web hook failed')
}

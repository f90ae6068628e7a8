import { ApiError } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import { publicView } from '../../identity/index.ts'
import type { Hook, WebHookConfig } from '../config.ts'
import { flowView } from '../flows/view.ts'
import type { Turn } from '../turn.ts'

const timeoutMs = 10_000

/**
 * Calls the web hooks among these hooks, one after the other. The body is JSON: the flow, the identity and what is
 * known of the request; bodies by Jsonnet come with the template engine. A hook that may interrupt stops the flow
 * when it answers with an error; one that may not, and whose answer is not awaited, never does.
 */
export async function callWebHooks(turn: Turn, hooks: readonly Hook[], identity?: Identity): Promise<void> {
  for (const hook of hooks) {
    if (hook.hook !== 'web_hook') continue
    if (hook.config.response.ignore) turn.ctx.afterCommit(() => void call(turn, hook.config, identity).catch((error) => logFailure(turn, hook.config, error)))
    else await callAndHeed(turn, hook.config, identity)
  }
}

async function callAndHeed(turn: Turn, config: WebHookConfig, identity: Identity | undefined): Promise<void> {
  let status: number
  try {
    status = await call(turn, config, identity)
  } catch (error) {
    logFailure(turn, config, error)
    throw ApiError.upstream('A web hook could not be reached.')
  }
  if (status < 400) return
  logFailure(turn, config, new Error(`answered ${status}`))
  if (config.can_interrupt || config.response.parse) throw ApiError.badRequest({ reason: 'A web hook refused this.' })
  throw ApiError.upstream('A web hook failed.')
}

async function call(turn: Turn, config: WebHookConfig, identity: Identity | undefined): Promise<number> {
  const { ctx } = turn
  const hasBody = !['GET', 'HEAD', 'TRACE'].includes(config.method.toUpperCase())
  const answer = await ctx.fetch(config.url, {
    method: config.method.toUpperCase(),
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...config.headers, ...authorization(config) },
    body: hasBody ? JSON.stringify(payload(turn, identity)) : undefined,
    timeoutMs,
  })
  return answer.status
}

/** Secrets of the request (cookies, tokens, submitted values) are not told. */
function payload({ ctx, call: request, flow }: Turn, identity: Identity | undefined): object {
  const { ui: _ui, session_token_exchange_code: _code, ...shown } = flowView(flow)
  return {
    flow: { ...shown, transient_payload: flow.transientPayload },
    ...(identity && { identity: publicView(ctx, identity) }),
    request_method: request.method,
    request_url: flow.requestUrl,
    request_headers: { 'User-Agent': request.userAgent ? [request.userAgent] : [] },
  }
}

function authorization({ auth }: WebHookConfig): Record<string, string> {
  if (!auth) return {}
  if (auth.type === 'basic_auth') {
    const { user, password } = auth.config
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  }
  const { name, value, in: place } = auth.config
  return place === 'cookie' ? { cookie: `${name}=${value}` } : { [name.toLowerCase()]: value }
}

function logFailure({ ctx, flow }: Turn, config: WebHookConfig, error: unknown): void {
  ctx.log.warn({ err: error, web_hook: config.id ?? new URL(config.url).host, flow: flow.name }, 'web hook failed')
}

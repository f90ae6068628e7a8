import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { FetchInit } from '../../kernel/fetch.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { WebHookConfig } from '../config.ts'
import { transientPayload } from '../flow/body.ts'
import { flowView } from '../flow/view.ts'
import type { SubmissionContext } from '../method.ts'

/** Where hooks run: a submission, or the beginning of a flow, which has no body. */
export type Occasion = Pick<SubmissionContext, 'ctx' | 'request' | 'flow'> & Partial<Pick<SubmissionContext, 'body'>>

/** One call of a web hook; every attempt sends the same. */
export interface HookRequest {
  readonly url: string
  readonly init: FetchInit & { headers: Record<string, string> }
  /** Identifies the web hook in logs. */
  readonly name: string
  readonly flow: string
}

/**
 * The request of a web hook: the flow, the identity and parts of the client's request as JSON. All attempts carry the
 * same `Ory-Webhook-Trigger-ID`, as in Kratos, so that a receiver recognizes a repetition.
 */
export function hookRequest(at: Occasion, config: WebHookConfig, identity: Identity | undefined): HookRequest {
  const method = config.method.toUpperCase()
  const hasBody = !['GET', 'HEAD', 'TRACE'].includes(method)
  return {
    url: config.url,
    name: config.id ?? new URL(config.url).host,
    flow: at.flow.name,
    init: {
      method,
      headers: {
        ...(hasBody && { 'content-type': 'application/json' }),
        ...config.headers,
        ...authorization(config),
        'ory-webhook-trigger-id': at.ctx.random.uuid(),
      },
      body: hasBody ? JSON.stringify(payload(at, identity)) : undefined,
    },
  }
}

/** Contains no secrets of the request: no cookies, tokens or submitted values. */
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

/** The request headers that the configuration forwards to web hooks, with names in Go's canonical form. */
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

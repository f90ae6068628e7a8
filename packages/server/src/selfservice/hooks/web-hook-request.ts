import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { FetchInit } from '../../kernel/fetch.ts'
import type { Call } from '../../kernel/http/index.ts'
import { bodyBySnippet, hasSnippet } from '../../kernel/jsonnet/body-snippets.ts'
import { outgoingHeaders } from '../../kernel/outgoing-headers.ts'
import { type Signed, sessionView } from '../../session/index.ts'
import type { WebHookConfig } from '../config.ts'
import { transientPayload } from '../flow/body.ts'
import { publicText } from '../flow/urls.ts'
import { flowView } from '../flow/view.ts'
import type { SubmissionContext } from '../method.ts'

/** Where hooks run: a submission, or the beginning of a flow, which has no body. */
export interface Occasion
  extends Pick<SubmissionContext, 'ctx' | 'request' | 'flow'>,
    Partial<Pick<SubmissionContext, 'body'>> {
  /** The session of the person who changes settings, or to which a sign-in leads, stored or not, with its identity. */
  readonly session?: Signed
}

/** One call of a web hook; every attempt sends the same. */
export interface HookRequest {
  readonly url: string
  readonly init: FetchInit & { headers: Record<string, string> }
  /** Identifies the web hook in logs. */
  readonly name: string
  readonly flow: string
}

/**
 * The request of a web hook. Its body is what the configured Jsonnet makes of the data, or the flow, the identity and
 * parts of the client's request as JSON. Returns undefined if the Jsonnet cancels it. All attempts carry the same
 * `Ory-Webhook-Trigger-ID`, as in Kratos, so that a receiver recognizes a repetition.
 */
export async function hookRequest(
  at: Occasion,
  config: WebHookConfig,
  identity: Identity | undefined,
): Promise<HookRequest | undefined> {
  const method = config.method.toUpperCase()
  const body = await bodyOf(at, config, { method, identity })
  if (body === undefined) return undefined
  return {
    url: config.url,
    name: hookName(config),
    flow: at.flow.name,
    init: {
      method,
      headers: { ...outgoingHeaders(config), 'ory-webhook-trigger-id': at.ctx.random.uuid() },
      ...(body !== '' && { body }),
    },
  }
}

/** Identifies a web hook in logs. */
export function hookName({ id, url }: WebHookConfig): string {
  return id ?? new URL(url).host
}

/** Empty if the method has no body (RFC 9110, section 9.3); undefined if the Jsonnet cancels the request. */
async function bodyOf(
  at: Occasion,
  config: WebHookConfig,
  { method, identity }: { method: string; identity: Identity | undefined },
): Promise<string | undefined> {
  if (method === 'TRACE') return ''
  if (hasSnippet(config)) return bodyBySnippet(at.ctx, config, allData(at, identity))
  return ['GET', 'HEAD'].includes(method) ? '' : JSON.stringify(harmlessData(at, identity))
}

/** What Jsonnet gets as `ctx`, as in Kratos: all of the flow and of the client's request except its body. */
function allData(at: Occasion, identity: Identity | undefined): object {
  const { ctx, request, flow, session } = at
  const owner = identity ?? session?.identity
  return {
    flow: {
      ...flowView(flow, owner && flow.name === 'settings' ? publicView(ctx, owner) : undefined),
      transient_payload: givenPayload(at),
    },
    request_headers: allowedHeaders(ctx, request),
    request_method: request.method,
    request_url: publicText(ctx, request.target),
    request_cookies: request.cookieValues,
    ...(identity && { identity: publicView(ctx, identity) }),
    ...(session && { session: sessionData(ctx, session) }),
  }
}

/** What is sent without Jsonnet. It contains no secrets of the request: no cookies, tokens or submitted values. */
function harmlessData(at: Occasion, identity: Identity | undefined): object {
  const { ctx, request, flow, session } = at
  const { ui: _ui, ...shown } = flowView(flow)
  const owner = identity ?? session?.identity
  return {
    flow: { ...shown, transient_payload: givenPayload(at) ?? {} },
    ...(owner && { identity: publicView(ctx, owner) }),
    request_method: request.method,
    request_url: flow.requestUrl,
    request_headers: allowedHeaders(ctx, request),
  }
}

function givenPayload({ flow, body = {} }: Occasion): object | undefined {
  return flow.transientPayload ?? ('transient_payload' in body ? transientPayload(body) : undefined)
}

function sessionData(ctx: Context, { session, identity }: Signed): object {
  return { ...sessionView(session, ctx.clock.now()), identity: publicView(ctx, identity) }
}

/** The request headers that the configuration forwards to web hooks, with names in Go's canonical form. */
function allowedHeaders(ctx: Context, request: Call): Record<string, string[]> {
  const names = ctx.config.identity.clients.web_hook.header_allowlist
  const found = names.map((name) => [canonical(name), request.header(name.toLowerCase())] as const)
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])))
}

const canonical = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

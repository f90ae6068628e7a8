import { type Identity, publicView } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { type Signed, sessionView } from '../../session/index.ts'
import { transientPayload } from '../flow/body.ts'
import { publicText } from '../flow/urls.ts'
import { flowView } from '../flow/view.ts'
import type { SubmissionContext } from '../method.ts'

/** Where requests are made: a submission, or the beginning of a flow, which has no body. */
export interface Occasion
  extends Pick<SubmissionContext, 'ctx' | 'request' | 'flow'>,
    Partial<Pick<SubmissionContext, 'body'>> {
  /** The session of the person who changes settings, or to which a sign-in leads, stored or not, with its identity. */
  readonly session?: Signed
}

/** What Jsonnet gets as `ctx`, as in Kratos: all of the flow and of the client's request except its body. */
export function allData(at: Occasion, identity: Identity | undefined): object {
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
export function harmlessData(at: Occasion, identity: Identity | undefined): object {
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

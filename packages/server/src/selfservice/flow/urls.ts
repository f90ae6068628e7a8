import type { Context } from '../../kernel/context.ts'
import type { Flow, FlowName } from './flow.ts'

/** An address of the public API, whatever path the base URL has. */
export function publicUrl(ctx: Context, path: string): URL {
  const base = ctx.config.identity.serve.public.base_url
  return new URL(path, base.endsWith('/') ? base : `${base}/`)
}

/** Where the form of a flow is submitted. */
export function submitUrl(ctx: Context, name: FlowName, id: string): string {
  return `${publicText(ctx, `/self-service/${name}`)}?flow=${id}`
}

/** The public address of a request target that begins with a slash, as it was written. */
export function publicText(ctx: Context, target: string): string {
  const base = ctx.config.identity.serve.public.base_url
  return (base.endsWith('/') ? base.slice(0, -1) : base) + target
}

/** Where a flow is read. */
export function flowUrl(ctx: Context, { name, id }: Pick<Flow, 'name' | 'id'>): string {
  return `${publicText(ctx, `/self-service/${name}/flows`)}?id=${id}`
}

/** The page that shows a flow. */
export function pageUrl(ctx: Context, flow: Pick<Flow, 'name' | 'id'>): string {
  const page = new URL(
    ctx.config.identity.selfservice.flows[flow.name].ui_url,
    ctx.config.identity.serve.public.base_url,
  )
  page.searchParams.set('flow', flow.id)
  return page.toString()
}

/** Where a flow is begun again after another one of its name: browsers on its page, apps by reading it. */
export function retryUrl(ctx: Context, flow: Pick<Flow, 'name' | 'id' | 'type'>): string {
  return flow.type === 'browser' ? pageUrl(ctx, flow) : flowUrl(ctx, flow)
}

/** The page that shows a stored error. */
export function errorPageUrl(ctx: Context, id: string): string {
  const page = new URL(ctx.config.identity.selfservice.flows.error.ui_url, ctx.config.identity.serve.public.base_url)
  page.searchParams.set('id', id)
  return page.toString()
}

/** The page of a flow, without one. */
export function startPageUrl(ctx: Context, name: FlowName): string {
  return new URL(
    ctx.config.identity.selfservice.flows[name].ui_url,
    ctx.config.identity.serve.public.base_url,
  ).toString()
}

import type { Context } from '../../kernel/context.ts'
import type { Flow, FlowName } from './flow.ts'

/** Returns a URL of the public API, including the path of the base URL. */
export function publicUrl(ctx: Context, path: string): URL {
  return urlAt(ctx.config.identity.serve.public.base_url, path)
}

function urlAt(base: string, path: string): URL {
  return new URL(path, base.endsWith('/') ? base : `${base}/`)
}

/** Returns a URL of the public API for a link in a message (`selfservice.methods.link.config.base_url`). */
export function linkUrl(ctx: Context, path: string): URL {
  const { link } = ctx.config.identity.selfservice.methods
  return urlAt(link.config.base_url ?? ctx.config.identity.serve.public.base_url, path)
}

/** The submit URL of a flow's form. */
export function submitUrl(ctx: Context, name: FlowName, id: string): string {
  return `${publicText(ctx, `/self-service/${name}`)}?flow=${id}`
}

/** Returns the public URL of a request target that begins with a slash, without normalization. */
export function publicText(ctx: Context, target: string): string {
  const base = ctx.config.identity.serve.public.base_url
  return (base.endsWith('/') ? base.slice(0, -1) : base) + target
}

/** The API URL that returns a flow. */
export function flowUrl(ctx: Context, { name, id }: Pick<Flow, 'name' | 'id'>): string {
  return `${publicText(ctx, `/self-service/${name}/flows`)}?id=${id}`
}

/** The page of a flow. */
export function pageUrl(ctx: Context, flow: Pick<Flow, 'name' | 'id'>): string {
  const page = new URL(
    ctx.config.identity.selfservice.flows[flow.name].ui_url,
    ctx.config.identity.serve.public.base_url,
  )
  page.searchParams.set('flow', flow.id)
  return page.toString()
}

/** The URL of a replacement flow: its page for browsers, its API URL for apps. */
export function retryUrl(ctx: Context, flow: Pick<Flow, 'name' | 'id' | 'type'>): string {
  return flow.type === 'browser' ? pageUrl(ctx, flow) : flowUrl(ctx, flow)
}

/** The page that shows a stored error. */
export function errorPageUrl(ctx: Context, id: string): string {
  const page = new URL(ctx.config.identity.selfservice.flows.error.ui_url, ctx.config.identity.serve.public.base_url)
  page.searchParams.set('id', id)
  return page.toString()
}

/** The page for flows of this name, without a flow ID. */
export function startPageUrl(ctx: Context, name: FlowName): string {
  return new URL(
    ctx.config.identity.selfservice.flows[name].ui_url,
    ctx.config.identity.serve.public.base_url,
  ).toString()
}

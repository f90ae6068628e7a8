import type { Context } from '../../kernel/context.ts'
import type { Hook } from '../config.ts'
import type { FlowName } from '../flows/flow.ts'

/** The hooks that run after a flow: those of the method, else those of the flow, in the order of the configuration. */
export function hooksAfter(ctx: Context, name: FlowName, method: string): readonly Hook[] {
  const after = ctx.config.identity.selfservice.flows[name].after as unknown as Record<string, unknown> & {
    hooks?: Hook[]
  }
  const own = (after[method] as { hooks?: Hook[] } | undefined)?.hooks ?? []
  return own.length > 0 ? own : (after.hooks ?? [])
}

/** The hooks that run before a flow begins. */
export function hooksBefore(ctx: Context, name: FlowName): readonly Hook[] {
  return ctx.config.identity.selfservice.flows[name].before.hooks as unknown as readonly Hook[]
}

/** Where the configuration sends browsers after this method, or after the flow. */
export function returnUrls(ctx: Context, name: FlowName, method: string): (string | undefined)[] {
  const after = ctx.config.identity.selfservice.flows[name].after as unknown as Record<string, unknown>
  const own = after[method] as { default_browser_return_url?: string } | undefined
  return [own?.default_browser_return_url, after.default_browser_return_url as string | undefined]
}

import type { Identity } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { AfterMethod, Hook } from '../config.ts'
import type { FlowName } from '../flow/flow.ts'
import type { Occasion } from '../outgoing/data.ts'
import { effectOf, type HookEffect } from './effects.ts'
import { askWebHooks, isAskedFirst, notifyWebHooks } from './web-hook.ts'
import type { IdentityChange } from './web-hook-answer.ts'

export { runHooksBefore } from './before.ts'
export { hookBodyUrls, loadHooks } from './load.ts'
export type { IdentityChange } from './web-hook-answer.ts'

/** The hooks that run after a flow. */
export interface HooksAfter {
  /** Whether a hook asks the flow for this. */
  has(effect: HookEffect): boolean
  /** The first hook of a name, with its configuration. */
  find<Name extends Hook['hook']>(name: Name): Extract<Hook, { hook: Name }> | undefined
  /** Calls the web hooks that can stop the flow or change the identity. Called before anything is stored. */
  ask(at: Occasion, identity?: Identity): Promise<IdentityChange>
  /** Whether there are hooks to ask. */
  readonly asks: boolean
  /** Calls all other web hooks. Called after everything is stored; it never throws. */
  notify(at: Occasion, identity: Identity | undefined): Promise<void>
}

/** The hooks of the method, else those of the flow, in the order of the configuration. */
export function hooksAfter(ctx: Context, name: FlowName, method: string): HooksAfter {
  const { own, after } = configuredAfter(ctx, name, method)
  const hooks = own?.hooks?.length ? own.hooks : (after.hooks ?? [])
  const effects = new Set(hooks.map(({ hook }) => effectOf(hook)))
  const asked = hooks.filter((hook) => isAskedFirst(hook))
  return {
    has: (effect) => effects.has(effect),
    find: <Name extends Hook['hook']>(wanted: Name) =>
      hooks.find((hook): hook is Extract<Hook, { hook: Name }> => hook.hook === wanted),
    ask: async (at, identity) => (asked.length > 0 ? askWebHooks(at, asked, identity) : (unchanged) => unchanged),
    asks: asked.length > 0,
    async notify(at, identity) {
      if (asked.length === hooks.length || !identity) return
      await notifyWebHooks(
        at,
        hooks.filter((hook) => !isAskedFirst(hook)),
        identity,
      )
    },
  }
}

/** Where the configuration sends browsers after this method, or after the flow. */
export function returnUrls(ctx: Context, name: FlowName, method: string): (string | undefined)[] {
  const { own, after } = configuredAfter(ctx, name, method)
  return [own?.default_browser_return_url, after.default_browser_return_url]
}

type After = Partial<AfterMethod>

function configuredAfter(ctx: Context, name: FlowName, method: string): { own: After | undefined; after: After } {
  const after: After = ctx.config.identity.selfservice.flows[name].after
  return { own: (after as Readonly<Record<string, After | undefined>>)[method], after }
}

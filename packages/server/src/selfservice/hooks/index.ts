import type { Identity } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { AfterMethod } from '../config.ts'
import type { FlowName } from '../flow/flow.ts'
import { effectOf, type HookEffect } from './effects.ts'
import { callWebHooks, type IdentityChange, isAskedFirst, type Occasion } from './web-hook.ts'

export { runHooksBefore } from './before.ts'
export type { IdentityChange } from './web-hook.ts'

/** The hooks that run after a flow. */
export interface HooksAfter {
  /** Whether a hook asks the flow for this. */
  has(effect: HookEffect): boolean
  /** Calls the web hooks that may refuse or change what is about to be stored. */
  ask(at: Occasion, identity?: Identity): Promise<IdentityChange>
  /** Whether there are any to ask. */
  readonly asks: boolean
  /** Calls all other web hooks, which hear of what has been stored. */
  notify(at: Occasion, identity?: Identity): Promise<void>
  /** Calls all web hooks in the order of the configuration. */
  callAll(at: Occasion, identity?: Identity): Promise<void>
}

/** The hooks of the method, else those of the flow, in the order of the configuration. */
export function hooksAfter(ctx: Context, name: FlowName, method: string): HooksAfter {
  const { own, after } = configuredAfter(ctx, name, method)
  const hooks = own?.hooks?.length ? own.hooks : (after.hooks ?? [])
  const effects = new Set(hooks.map(({ hook }) => effectOf(hook)))
  const asked = hooks.filter(isAskedFirst)
  return {
    has: (effect) => effects.has(effect),
    ask: (at, identity) => callWebHooks(at, asked, identity),
    asks: asked.length > 0,
    async notify(at, identity) {
      if (asked.length < hooks.length)
        await callWebHooks(
          at,
          hooks.filter((hook) => !isAskedFirst(hook)),
          identity,
        )
    },
    async callAll(at, identity) {
      if (hooks.length > 0) await callWebHooks(at, hooks, identity)
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

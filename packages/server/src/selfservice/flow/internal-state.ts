import type { Context } from '../../kernel/context.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import type { Flow } from './flow.ts'

/** What a method keeps in a flow for itself, such as a secret that is not confirmed yet; undefined where it has nothing. */
export function internalState<S extends object>(ctx: Context, flow: Flow, method: string): S | undefined {
  const sealed = flow.internal?.[method]
  const text = sealed === undefined ? undefined : openText(keyOf(ctx), placeOf(flow, method), sealed)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Keeps a method's private state in a flow, encrypted for this flow and method; it is stored with the flow. */
export function setInternalState(ctx: Context, flow: Flow, method: string, state: object): void {
  const sealed = sealText(ctx.random, keyOf(ctx), placeOf(flow, method), JSON.stringify(state))
  flow.internal = { ...flow.internal, [method]: sealed }
}

/** Gives a flow the private state of another one, whose form it shows. */
export function copyInternalState(ctx: Context, from: Flow, to: Flow): void {
  delete to.internal
  for (const method of Object.keys(from.internal ?? {})) {
    const state = internalState(ctx, from, method)
    if (state) setInternalState(ctx, to, method, state)
  }
}

function keyOf(ctx: Context): Buffer {
  return ctx.keys.derive('flow state')
}

function placeOf(flow: Flow, method: string): string {
  return `${flow.id} ${method}`
}

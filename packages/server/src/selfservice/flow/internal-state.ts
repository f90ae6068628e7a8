import type { Context } from '../../kernel/context.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import type { Flow } from './flow.ts'

/** Returns the internal state of a method in a flow, such as an unconfirmed secret; undefined if there is none. */
export function internalState<S extends object>(ctx: Context, flow: Flow, method: string): S | undefined {
  const sealed = flow.internal?.[method]
  const text =
    sealed === undefined ? undefined : openText(ctx.keys.deriveAll(keyPurpose), placeOf(flow, method), sealed)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Sets the internal state of a method, encrypted for this flow and method. It is stored with the flow. */
export function setInternalState(ctx: Context, flow: Flow, method: string, state: object): void {
  const sealed = sealText(ctx.random, ctx.keys.derive(keyPurpose), placeOf(flow, method), JSON.stringify(state))
  flow.internal = { ...flow.internal, [method]: sealed }
}

/** Copies the internal state to a flow that shows the form of another flow. */
export function copyInternalState(ctx: Context, from: Flow, to: Flow): void {
  delete to.internal
  for (const method of Object.keys(from.internal ?? {})) {
    const state = internalState(ctx, from, method)
    if (state) setInternalState(ctx, to, method, state)
  }
}

const keyPurpose = 'flow state'

function placeOf(flow: Flow, method: string): string {
  return `${flow.id} ${method}`
}

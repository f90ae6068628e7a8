import type { Call } from '../../kernel/http/index.ts'
import type { Flow } from './flow.ts'

const flows = new WeakMap<Call, Flow>()

/** Sets the flow that a request is about, for the error that it may end with: the first one that it begins or loads. */
export function setFlowOf(call: Call, flow: Flow): void {
  if (!flows.has(call)) flows.set(call, flow)
}

/** The flow that a request is about, if it came so far. */
export function flowOfCall(call: Call): Flow | undefined {
  return flows.get(call)
}

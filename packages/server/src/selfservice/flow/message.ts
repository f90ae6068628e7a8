import type { MessageOptions } from '../../courier/index.ts'
import type { Flow } from './flow.ts'

/** What every message of a flow contains. */
export function messageData(flow: Flow, to: string) {
  return {
    to,
    request_url: flow.requestUrl,
    ...(flow.transientPayload && { transient_payload: flow.transientPayload }),
  }
}

/** How a message of a flow is delivered: by the channel of its address, in the language of who began the flow. */
export function messageOptions(flow: Flow, via: string): MessageOptions {
  return { via: via === 'sms' ? 'sms' : 'email', language: flow.language }
}

/** A lifespan as messages write it: whole minutes, at least one. */
export function wholeMinutes(ms: number): number {
  return Math.max(1, Math.floor(ms / 60_000))
}

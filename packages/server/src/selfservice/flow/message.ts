import type { MessageOptions } from '../../courier/index.ts'
import type { Flow } from './flow.ts'

/** The template data that all messages of a flow share. */
export function messageData(flow: Flow, to: string) {
  return {
    to,
    request_url: flow.requestUrl,
    ...(flow.transientPayload && { transient_payload: flow.transientPayload }),
  }
}

/** A flow as its messages see it, with the `transient_payload` of the submission that they belong to. */
export function withPayload(flow: Flow, transientPayload: Record<string, unknown>): Flow {
  return Object.keys(transientPayload).length > 0 ? { ...flow, transientPayload } : flow
}

/** The delivery options of a flow's messages: the channel of the address, and the language of the flow. */
export function messageOptions(flow: Flow, via: string): MessageOptions {
  return { via: via === 'sms' ? 'sms' : 'email', language: flow.language }
}

/** Converts a lifespan to whole minutes for messages, at least one. */
export function wholeMinutes(ms: number): number {
  return Math.max(1, Math.floor(ms / 60_000))
}

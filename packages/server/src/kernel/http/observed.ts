import type { Context } from '../context.ts'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'
import type { Route } from './route.ts'

/** A completed request, for metrics, logs and traces. */
export interface Observed {
  readonly route: Pick<Route, 'path'> | undefined
  /** Undefined if the request was rejected before routing. */
  readonly call: Pick<Call, 'id' | 'target' | 'path' | 'ip' | 'header'> | undefined
  /** The response of the handler; undefined for calls of gRPC and streams. */
  readonly reply?: Reply
  readonly ctx: Context | undefined
  readonly method: string
  readonly status: number
  readonly durationMs: number
}

export type Observer = (seen: Observed) => void

import type { Context } from '../context.ts'
import type { Call } from './call.ts'
import type { Route } from './route.ts'

/** A request that has been answered, as those see it who count, log and trace. */
export interface Observed {
  readonly route: Pick<Route, 'path'> | undefined
  /** None when the request was refused before anybody looked at what it wants. */
  readonly call: Pick<Call, 'id' | 'path' | 'ip' | 'header'> | undefined
  readonly ctx: Context | undefined
  readonly method: string
  readonly status: number
  readonly durationMs: number
}

export type Observer = (seen: Observed) => void

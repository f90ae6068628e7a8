import type { StartOptions } from '../test/stage/latchkey.ts'
import type { Load } from './load.ts'

/** Measures to compare servers of the same kind. `Stage` is a server with test data. */
export interface Suite<Stage> {
  name: string
  /** The options that Latchkey is started with. */
  start: Pick<StartOptions, 'kratos' | 'hydra' | 'keto'>
  /** The listeners of a server, in the order of its URLs on the command line. */
  listeners: ['public', 'admin'] | ['read', 'write']
  /** Creates the same test data on each server. */
  prepare(origins: [string, string], options: StageOptions): Promise<Stage>
  measures: Measure<Stage>[]
}

export interface StageOptions {
  /** A factor for the amount of test data, if the suite supports it. */
  scale: number
  /** Whether the servers already have the test data. */
  filled: boolean
}

export interface Measure<Stage> {
  name: string
  /** The throughput to reach as a multiple of the reference; undefined if there is no target. */
  wanted?: number
  /** Takes twice as long as other measures, because there are few responses per second. */
  slow?: true
  /** Several loads at once or pauses, which `wrk` does not have. */
  needsOwnLoad?: true
  /** The number of counted operations per request; 1 by default. */
  perRequest?: number
  /** The loads to run concurrently; only the first is reported. */
  loads: (stage: Stage) => Omit<Load, 'warmUpMs' | 'durationMs'>[]
}

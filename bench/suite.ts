import type { StartOptions } from '../test/stage/latchkey.ts'
import type { Load } from './load.ts'

/** Servers of one kind that are measured side by side. `Stage` is a server prepared for measuring. */
export interface Suite<Stage> {
  name: string
  /** How Latchkey is started for it. */
  start: Pick<StartOptions, 'kratos' | 'keto'>
  /** Where a server listens, in the order in which its addresses are given on the command line. */
  listeners: ['public', 'admin'] | ['read', 'write']
  /** Fills a fresh server: the same in each. */
  prepare(origins: [string, string], options: StageOptions): Promise<Stage>
  measures: Measure<Stage>[]
}

export interface StageOptions {
  /** How many times as much there is as usual, where the suite knows of it. */
  scale: number
  /** Whether the servers hold it already. */
  filled: boolean
}

export interface Measure<Stage> {
  name: string
  /** How many times the reference we want; undefined where there is no such aim. */
  wanted?: number
  /** Takes twice the time of the others: few answers a second. */
  slow?: true
  /** How many things one request does; 1 unless it is given. */
  perRequest?: number
  /** The first load is what is reported. */
  loads: (stage: Stage) => Omit<Load, 'warmUpMs' | 'durationMs'>[]
}

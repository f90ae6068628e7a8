import { setImmediate } from 'node:timers/promises'

/** Steps of a round-based hash that run before other requests get their turn: one to two milliseconds of work. */
const stepsPerSlice = 500

/** Runs a step `count` times, letting the event loop go on between slices. */
export async function inSlices(count: number, step: (i: number) => void): Promise<void> {
  for (let start = 0; start < count; start += stepsPerSlice) {
    if (start > 0) await setImmediate()
    const end = Math.min(count, start + stepsPerSlice)
    for (let i = start; i < end; i++) step(i)
  }
}

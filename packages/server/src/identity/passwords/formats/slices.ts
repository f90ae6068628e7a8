import { setImmediate } from 'node:timers/promises'

/** The number of rounds between two yields to the event loop: one to two milliseconds of work. */
const stepsPerSlice = 500

/** Runs a step `count` times and yields to the event loop between slices. */
export async function inSlices(count: number, step: (i: number) => void): Promise<void> {
  for (let start = 0; start < count; start += stepsPerSlice) {
    if (start > 0) await setImmediate()
    const end = Math.min(count, start + stepsPerSlice)
    for (let i = start; i < end; i++) step(i)
  }
}

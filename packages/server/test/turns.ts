/** The turns of the event loop during some work. */
export interface Turns {
  count: number
  /** The longest time between two turns, in milliseconds of this process rather than of the clock on the wall. */
  longestMs: number
}

/** Counts the turns of the event loop while some work is done. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<Turns> {
  const turns: Turns = { count: 0, longestMs: 0 }
  let before = process.cpuUsage()
  let immediate = setImmediate(function count() {
    const { user, system } = process.cpuUsage(before)
    turns.count++
    turns.longestMs = Math.max(turns.longestMs, (user + system) / 1000)
    before = process.cpuUsage()
    immediate = setImmediate(count)
  })
  try {
    await work()
    // What held the loop last is counted by the turn after it.
    await new Promise((resolve) => setImmediate(resolve))
    return turns
  } finally {
    clearImmediate(immediate)
  }
}

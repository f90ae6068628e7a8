/** Counts the turns of the event loop until it is stopped. */
export function countTurns(): { stop(): number } {
  let turns = 0
  let immediate = setImmediate(function count() {
    turns++
    immediate = setImmediate(count)
  })
  return {
    stop: () => {
      clearImmediate(immediate)
      return turns
    },
  }
}

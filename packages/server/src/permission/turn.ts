/** What may be done between two turns of the event loop: about 5 ms of work, in steps of a few microseconds. */
const stepsPerTurn = 1000

/** The steps of all searches of this process since the last turn. */
let steps = 0
const waiting: (() => void)[] = []

/** Work that can be interrupted after any of its steps. */
export interface InterruptibleWork {
  /** Goes on until it is done (true) or until others should have their turn (false). */
  advance(): boolean
}

/**
 * Counts steps of a long search. True when it should wait for `nextTurn`, so that the event loop is never held for long.
 * Steps are counted instead of measuring time, which would cost as much as a step.
 */
export function isTurnOver(count = 1): boolean {
  countSteps(count)
  return steps >= stepsPerTurn
}

/** Counts steps of work that cannot be interrupted, so that whoever needs it lets others have their turn afterwards. */
export function countSteps(count: number): void {
  steps += count
}

/** Lets the event loop turn. Of several searches that wait, each turn continues one. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(continueOne)
  })
}

/** Does work in as many turns as it takes. */
export async function complete(work: InterruptibleWork): Promise<void> {
  while (!work.advance()) await nextTurn()
}

function continueOne(): void {
  steps = 0
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(continueOne)
}

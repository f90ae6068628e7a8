import { setTimeout } from 'node:timers/promises'

/** More than it takes to store and queue a message, on either database. */
const leastMs = 100

/**
 * Runs work that takes longer for known accounts than for unknown ones, and settles no earlier than after a fixed time,
 * so that the response time does not reveal whether an account exists.
 */
export async function inEqualTime<T>(work: () => Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([work(), setTimeout(leastMs)])
  if (result.status === 'rejected') throw result.reason
  return result.value
}

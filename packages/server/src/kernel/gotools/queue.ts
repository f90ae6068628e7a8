import { UnavailableError } from '../unavailable.ts'
import type { ThreadRequest } from './thread.ts'

/** What holds for the evaluations of requests, or for the checks of a configuration. */
export interface EvaluationLimits {
  /** How many of one owner wait. */
  readonly maxPerOwner: number
  readonly maxWaitMs: number
  readonly maxEvaluationMs: number
}

/** The time of an evaluation is as in Kratos. */
export const requestLimits: EvaluationLimits = { maxPerOwner: 64, maxWaitMs: 5000, maxEvaluationMs: 1000 }
/** A configuration may have many snippets and templates, and nobody waits for its check: the start of a busy machine succeeds. */
export const checkLimits: EvaluationLimits = { maxPerOwner: 10_000, maxWaitMs: 120_000, maxEvaluationMs: 10_000 }
/** How many evaluations of requests wait. */
const maxTotal = 256

interface Entry {
  readonly request: ThreadRequest
  readonly limits: EvaluationLimits
  readonly timer: NodeJS.Timeout
  resolve(answer: string): void
  reject(error: Error): void
}

/** Waiting evaluations by owner. Owners take turns, so that the slow evaluations of one delay each of the others by one. */
const waiting = new Map<string, Entry[]>()
let total = 0

/**
 * Waits until `takeNext` has returned the entry and it is settled.
 * @throws UnavailableError if too many wait, or if it has waited for too long
 */
export function enqueue(owner: string, request: ThreadRequest, limits: EvaluationLimits): Promise<string> {
  const entries = waiting.get(owner) ?? []
  if (entries.length >= limits.maxPerOwner || total >= Math.max(maxTotal, limits.maxPerOwner))
    return Promise.reject(busy('the queue is full'))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      remove(owner, entry)
      reject(busy('the evaluation waited for too long'))
    }, limits.maxWaitMs)
    const entry: Entry = { request, limits, timer, resolve, reject }
    entries.push(entry)
    waiting.set(owner, entries)
    total++
  })
}

export function isQueueEmpty(): boolean {
  return total === 0
}

/** Removes the next entry. */
export function takeNext(): Entry | undefined {
  const [next] = waiting
  if (!next) return undefined
  const [owner, [entry]] = next
  if (!entry) return undefined
  remove(owner, entry)
  const others = waiting.get(owner)
  waiting.delete(owner)
  if (others) waiting.set(owner, others)
  clearTimeout(entry.timer)
  return entry
}

function remove(owner: string, entry: Entry): void {
  const entries = waiting.get(owner)
  const index = entries?.indexOf(entry) ?? -1
  if (!entries || index < 0) return
  entries.splice(index, 1)
  total--
  if (entries.length === 0) waiting.delete(owner)
}

function busy(why: string): UnavailableError {
  return new UnavailableError('Too many Jsonnet snippets and templates are being evaluated.', { cause: new Error(why) })
}

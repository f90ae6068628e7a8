import { UnavailableError } from '../unavailable.ts'
import type { ThreadRequest } from './thread.ts'

/** How many evaluations wait: of one owner, and of all. */
const maxPerOwner = 64
const maxTotal = 256
const maxWaitMs = 5000

interface Entry {
  readonly request: ThreadRequest
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
export function enqueue(owner: string, request: ThreadRequest): Promise<string> {
  const entries = waiting.get(owner) ?? []
  if (entries.length >= maxPerOwner || total >= maxTotal) return Promise.reject(busy('the queue is full'))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      remove(owner, entry)
      reject(busy('the evaluation waited for too long'))
    }, maxWaitMs)
    const entry: Entry = { request, timer, resolve, reject }
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

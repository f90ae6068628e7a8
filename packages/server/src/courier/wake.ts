/** Those who deliver in this process; they are told that something waits, and look for themselves what it is. */
const listeners = new Set<() => void>()

/** Calls `listener` whenever a message has been committed to the queue. Returns how to stop that. */
export function onQueued(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function announceQueued(): void {
  for (const listener of listeners) listener()
}

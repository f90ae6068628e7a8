/** What processes tell each other, by topic. Each room adds its own by declaration merging. */
export interface Topics {
  /** The configuration files of the main project have changed. */
  configuration: Record<string, never>
}

type Topic = keyof Topics

/** Hears a message, or undefined where messages may have been lost: then it has to look for itself. */
type Listener<T extends Topic> = (message: Topics[T] | undefined) => void

/**
 * Tells what has changed, after it was committed, to everybody in this process at once and to the other processes of the
 * installation soon. Messages are hints: a process that is cut off hears nothing, so whoever must not miss a change looks
 * for it from time to time.
 */
export interface Notifier {
  /** Whether messages reach the processes on other machines, too. */
  readonly reachesAll: boolean
  publish<T extends Topic>(topic: T, message: Topics[T]): void
  /** Returns how to stop hearing. */
  subscribe<T extends Topic>(topic: T, listener: Listener<T>): () => void
  close(): Promise<void>
}

/** Carries messages between processes. */
export interface Transport {
  readonly reachesAll: boolean
  /** Sends to all others that listen, or to none of them when they cannot be reached. */
  send(text: string): void
  /**
   * Calls `message` for what others sent, and `lost` after a time in which that may have been missed. Resolves when it hears
   * others, or has to try again later.
   */
  receive(handlers: { message(text: string): void; lost(): void }): Promise<void>
  close(): Promise<void>
}

/** Messages are sent by the first transport and received from all of them; without any they stay in this process. */
export async function createNotifier(transports: readonly Transport[] = []): Promise<Notifier> {
  const listeners = new Map<string, Set<(message: unknown) => void>>()
  const deliver = (topic: string, message: unknown) => {
    for (const listener of listeners.get(topic) ?? []) listener(message)
  }
  const handlers = {
    message(text: string) {
      const parsed = parseMessage(text)
      if (parsed) deliver(parsed.topic, parsed.message)
    },
    lost() {
      for (const topic of listeners.keys()) deliver(topic, undefined)
    },
  }
  await Promise.all(transports.map((transport) => transport.receive(handlers)))
  const [sender] = transports
  return {
    reachesAll: sender?.reachesAll ?? false,
    publish(topic, message) {
      deliver(topic, message)
      sender?.send(messageText(topic, message))
    },
    subscribe(topic, listener) {
      const own = listeners.get(topic) ?? new Set()
      listeners.set(topic, own.add(listener as (message: unknown) => void))
      return () => void own.delete(listener as (message: unknown) => void)
    },
    async close() {
      listeners.clear()
      await Promise.all(transports.map((transport) => transport.close()))
    },
  }
}

/** How a message travels. */
export function messageText<T extends Topic>(topic: T, message: Topics[T]): string {
  return JSON.stringify([topic, message])
}

/** Another version of this program may send what this one does not understand. */
function parseMessage(text: string): { topic: string; message: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (!Array.isArray(parsed) || typeof parsed[0] !== 'string' || typeof parsed[1] !== 'object') return undefined
    return { topic: parsed[0], message: parsed[1] ?? undefined }
  } catch {
    return undefined
  }
}

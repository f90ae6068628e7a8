/** Messages between processes, by topic. Each room adds its topics by declaration merging. */
export interface Topics {
  /** The configuration files of the default project have changed. */
  configuration: Record<string, never>
}

type Topic = keyof Topics

/** Receives a message, or undefined if messages may have been lost; it must then check for changes itself. */
type Listener<T extends Topic> = (message: Topics[T] | undefined) => void

/**
 * Publishes changes after their commit: immediately within this process, and with a short delay to the other processes of
 * the installation. Messages are hints and can be lost, so subscribers that must not miss a change also poll.
 */
export interface Notifier {
  /** Whether messages also reach processes on other machines. */
  readonly reachesAll: boolean
  publish<T extends Topic>(topic: T, message: Topics[T]): void
  /** Returns a function that cancels the subscription. */
  subscribe<T extends Topic>(topic: T, listener: Listener<T>): () => void
  close(): Promise<void>
}

/** A message transport between processes. */
export interface Transport {
  readonly reachesAll: boolean
  /** Sends to all other processes, or to none if the transport is disconnected. */
  send(text: string): void
  /**
   * Calls `message` for messages of other processes, and `lost` if messages may have been missed. Resolves when it is
   * connected or will retry later.
   */
  receive(handlers: { message(text: string): void; lost(): void }): Promise<void>
  close(): Promise<void>
}

/** Sends messages with the first transport and receives from all; without a transport, messages stay in this process. */
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

/** Serializes a message for a transport. */
export function messageText<T extends Topic>(topic: T, message: Topics[T]): string {
  return JSON.stringify([topic, message])
}

/** Parses a message; undefined for an unknown format, which another version of this program may send. */
function parseMessage(text: string): { topic: string; message: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (!Array.isArray(parsed) || typeof parsed[0] !== 'string' || typeof parsed[1] !== 'object') return undefined
    return { topic: parsed[0], message: parsed[1] ?? undefined }
  } catch {
    return undefined
  }
}

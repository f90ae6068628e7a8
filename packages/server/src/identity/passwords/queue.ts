/** How an operation waits. */
export interface Turn {
  /**
   * Sign-ups run after sign-ins and changes of passwords, so that they cannot keep people from signing in. Imports run
   * after both; they wait as long as they have to, and do not count as waiting.
   */
  readonly kind?: 'sign-up' | 'import'
  /** On whose behalf: the number of waiting operations of one client is limited. */
  readonly client?: string
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal
}

export interface QueueOptions {
  /** The longest wait of everything but imports, in milliseconds. */
  readonly maxWaitMs: number
  /** The error after that time, and the one for an operation that nobody waits for. */
  readonly busy: () => Error
  readonly abandoned: () => Error
}

interface Waiting {
  start(): void
}

/** What waits to be run, in the order in which it will be run. */
export class Queue {
  readonly #options: QueueOptions
  readonly #first = new Set<Waiting>()
  readonly #signUps = new Set<Waiting>()
  readonly #imports = new Set<Waiting>()
  readonly #clients = new Map<string, number>()

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** The number of waiting operations, without imports. */
  get size(): number {
    return this.#first.size + this.#signUps.size
  }

  /** How many operations would run before this one. */
  ahead({ kind }: Turn): number {
    return kind === 'sign-up' ? this.size : this.#first.size
  }

  /** The number of waiting operations of a client. */
  waitingOf(client: string | undefined): number {
    return client === undefined ? 0 : (this.#clients.get(client) ?? 0)
  }

  /** Starts the next operation. Returns false if none is waiting. */
  startNext(): boolean {
    const [next] = [this.#first, this.#signUps, this.#imports].find(({ size }) => size > 0) ?? []
    next?.start()
    return next !== undefined
  }

  /** Resolves when it is the operation's turn. */
  wait(turn: Turn): Promise<void> {
    const { maxWaitMs, busy, abandoned } = this.#options
    const { kind, client, signal } = turn
    if (signal?.aborted) return Promise.reject(abandoned())
    const queue = kind === 'import' ? this.#imports : kind === 'sign-up' ? this.#signUps : this.#first
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.delete(entry)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#count(client, -1)
      }
      const refuse = (error: Error) => {
        leave()
        reject(error)
      }
      const onAbort = () => refuse(abandoned())
      const entry: Waiting = {
        start() {
          leave()
          resolve()
        },
      }
      const timer = kind === 'import' ? undefined : setTimeout(() => refuse(busy()), maxWaitMs)
      signal?.addEventListener('abort', onAbort)
      queue.add(entry)
      this.#count(client, 1)
    })
  }

  #count(client: string | undefined, change: number): void {
    if (client === undefined) return
    const count = this.waitingOf(client) + change
    if (count > 0) this.#clients.set(client, count)
    else this.#clients.delete(client)
  }
}

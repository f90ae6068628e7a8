import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const dataSync = promisify(fdatasync)

/**
 * Makes commits durable. SQLite writes them to its log without waiting for the disk; this waits for it outside the
 * event loop, and once for all commits that are waiting.
 */
export class SqliteLog {
  readonly #path: string
  readonly #sync: (descriptor: number) => Promise<void>
  #descriptor: number | undefined
  #current: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  /** `path` is the file of the log, which exists after the first commit. */
  constructor(path: string, sync: (descriptor: number) => Promise<void> = dataSync) {
    this.#path = path
    this.#sync = sync
  }

  /** Resolves when all commits before the call are on the disk. */
  flush(): Promise<void> {
    this.#next ??= this.#current.then(
      () => this.#begin(),
      () => this.#begin(),
    )
    return this.#next
  }

  /** Waits for what has begun, and closes the file. */
  async close(): Promise<void> {
    await (this.#next ?? this.#current).catch(() => {})
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Commits from here on wait for the flush after this one. */
  #begin(): Promise<void> {
    this.#next = undefined
    this.#current = this.#flushNow()
    return this.#current
  }

  async #flushNow(): Promise<void> {
    // Some systems only flush files that are open for writing.
    this.#descriptor ??= openSync(this.#path, 'r+')
    await this.#sync(this.#descriptor)
  }
}

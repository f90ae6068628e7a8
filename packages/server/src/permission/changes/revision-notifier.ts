import type { Context } from '../../kernel/context.ts'
import { currentRevision } from './store.ts'

/** The poll interval if changes by other processes are not announced to this one. */
const pollIntervalMs = 1000
/** The poll interval if all changes are announced, in case a message was lost. */
const backupPollIntervalMs = 15_000

/**
 * Tracks the newest revision of a project. Changes are announced by the notifier; a poll, shared by all followers and
 * active only while there are any, covers what is not announced.
 */
export class RevisionNotifier {
  #revision = 0
  #followers = 0
  #timer: NodeJS.Timeout | undefined
  #unsubscribe = () => {}
  #polling = false
  readonly #waiting = new Set<() => void>()

  get followers(): number {
    return this.#followers
  }

  announce(revision: number): void {
    if (revision <= this.#revision) return
    this.#revision = revision
    for (const check of [...this.#waiting]) check()
  }

  /** Starts to follow the revision. Returns a function that stops it. */
  follow(ctx: Context): () => void {
    if (this.#followers++ === 0) this.#begin(ctx)
    return () => {
      if (--this.#followers > 0) return
      this.#unsubscribe()
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  #begin(ctx: Context): void {
    this.#unsubscribe = ctx.notifier.subscribe('permission', (message) => {
      if (message === undefined) void this.#poll(ctx)
      else if (message.project === ctx.project.id) this.announce(message.revision)
    })
    const everyMs = ctx.notifier.reachesAll ? backupPollIntervalMs : pollIntervalMs
    this.#timer = setInterval(() => void this.#poll(ctx), everyMs).unref()
  }

  /** Waits for a revision to be committed: true once it is known to be, false after the timeout or an abort. */
  async waitFor(revision: number, { forMs, signal }: { forMs: number; signal: AbortSignal }): Promise<boolean> {
    if (this.#revision < revision && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const check = () => {
          if (this.#revision < revision && !signal.aborted) return
          done()
        }
        const done = () => {
          clearTimeout(timer)
          this.#waiting.delete(check)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, forMs)
        this.#waiting.add(check)
        signal.addEventListener('abort', done)
      })
    }
    return this.#revision >= revision
  }

  async #poll(ctx: Context): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      this.announce(await currentRevision(ctx))
    } catch (error) {
      // Without followers the error is irrelevant: the database may already be closed.
      if (this.#timer) ctx.log.warn({ err: error }, 'it cannot be seen whether permissions changed')
    } finally {
      this.#polling = false
    }
  }
}

const ofProject = new WeakMap<object, RevisionNotifier>()

export function revisionNotifierOf({ project }: Context): RevisionNotifier {
  const found = ofProject.get(project) ?? new RevisionNotifier()
  ofProject.set(project, found)
  return found
}

import type { Context } from '../../kernel/context.ts'
import { currentRevision } from './store.ts'

/** How often to look whether another process has changed something that this one is not told of. */
const lookEveryMs = 1000
/** The same where all processes are told of changes, in case a message was lost. */
const lookRarelyMs = 15_000

/**
 * What a process has heard of a project's newest revision. Changes of its own it is told of at once; for those of others
 * it looks, once for all who wait, and only while somebody does.
 */
export class News {
  #revision = 0
  #followers = 0
  #timer: NodeJS.Timeout | undefined
  #unsubscribe = () => {}
  #looking = false
  readonly #waiting = new Set<() => void>()

  get followers(): number {
    return this.#followers
  }

  tell(revision: number): void {
    if (revision <= this.#revision) return
    this.#revision = revision
    for (const wake of [...this.#waiting]) wake()
  }

  /** Looks from now on. Returns how to end that. */
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
      if (message === undefined) void this.#look(ctx)
      else if (message.project === ctx.project.id) this.tell(message.revision)
    })
    const everyMs = ctx.notifier.reachesAll ? lookRarelyMs : lookEveryMs
    this.#timer = setInterval(() => void this.#look(ctx), everyMs).unref()
  }

  /** Resolves when a revision has been committed, as soon as that is heard of: true, or false when the time is over. */
  async reached(revision: number, { forMs, signal }: { forMs: number; signal: AbortSignal }): Promise<boolean> {
    if (this.#revision < revision && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          if (this.#revision < revision && !signal.aborted) return
          done()
        }
        const done = () => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, forMs)
        this.#waiting.add(wake)
        signal.addEventListener('abort', done)
      })
    }
    return this.#revision >= revision
  }

  async #look(ctx: Context): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      this.tell(await currentRevision(ctx))
    } catch (error) {
      // After the last one has left nobody is interested, and the database may be closed.
      if (this.#timer) ctx.log.warn({ err: error }, 'it cannot be seen whether permissions changed')
    } finally {
      this.#looking = false
    }
  }
}

const ofProject = new WeakMap<object, News>()

export function newsOf({ project }: Context): News {
  const found = ofProject.get(project) ?? new News()
  ofProject.set(project, found)
  return found
}

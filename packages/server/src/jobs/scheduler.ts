import type { Logger } from 'pino'
import { type Database, takeLease } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'

/** Work that is done again and again, by one process at a time however many there are. */
export interface Job {
  readonly name: string
  /** How often it is done, give or take a fifth. */
  readonly everyMs: number
  /** Looks at `signal` between its steps and ends early when it is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export interface SchedulerOptions {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface Scheduler {
  /** Asks what runs to end early, and waits for it. */
  stop(): Promise<void>
}

/** A holder that dies is replaced after this long; one that lives renews three times as often. */
export const leaseMs = 60_000

/** Starts the jobs; each runs for the first time after about its interval. */
export function startJobs(options: SchedulerOptions, jobs: readonly Job[]): Scheduler {
  const stopping = new AbortController()
  const loops = jobs.map(async (job) => {
    while (!stopping.signal.aborted) {
      await pause(job.everyMs * spread(options.random), stopping.signal)
      if (stopping.signal.aborted) return
      await runOnce(options, job, stopping.signal).catch((error: unknown) => {
        options.log.error({ err: error, job: job.name }, 'a job failed')
      })
    }
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

/**
 * Runs a job unless it is running, or has run within its interval, in any process on this database.
 * False when it was not its turn.
 */
export async function runOnce(
  { database, clock, random }: SchedulerOptions,
  job: Job,
  stop: AbortSignal,
): Promise<boolean> {
  const name = `job ${job.name}`
  const holder = random.uuid()
  const startedAt = clock.now()
  if (!(await takeLease(database, { name, holder, now: startedAt, until: startedAt + leaseMs }))) return false
  const lost = new AbortController()
  const renewal = setInterval(() => {
    const now = clock.now()
    takeLease(database, { name, holder, now, until: now + leaseMs }).then(
      (held) => held || lost.abort(),
      () => lost.abort(),
    )
  }, leaseMs / 3)
  try {
    await job.run(AbortSignal.any([stop, lost.signal]))
    return true
  } finally {
    clearInterval(renewal)
    // Until the interval is over nobody else's turn comes either. A fifth less, as that is how far turns are spread.
    const now = clock.now()
    await takeLease(database, { name, holder, now, until: Math.max(now, startedAt + job.everyMs * 0.8) })
  }
}

/** Between 0.8 and 1.2, so that many nodes started together do not come at once. */
function spread(random: Random): number {
  return 0.8 + (0.4 * random.bytes(2).readUInt16BE()) / 65_535
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

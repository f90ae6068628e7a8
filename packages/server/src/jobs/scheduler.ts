import type { Logger } from 'pino'
import { type Database, takeLease } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'

/** Recurring work that runs in one process at a time. */
export interface Job {
  readonly name: string
  /** The interval, to which a jitter of 20% is applied. */
  readonly everyMs: number
  /** Checks `signal` between its steps and returns early when it is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export interface SchedulerOptions {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface Scheduler {
  /** Aborts running jobs and waits for them. */
  stop(): Promise<void>
}

/** The lease duration: a crashed holder is replaced after this time. Leases are renewed three times as often. */
export const leaseMs = 60_000

/** Starts the jobs; the first run of each is after about one interval. */
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
 * Runs a job unless any process on this database is running it or has run it within its interval. Returns false if it
 * was skipped.
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
    // Keeps the lease for the rest of the interval, less a fifth to allow for the jitter.
    const now = clock.now()
    await takeLease(database, { name, holder, now, until: Math.max(now, startedAt + job.everyMs * 0.8) })
  }
}

/** A factor between 0.8 and 1.2, so that nodes started together do not run their jobs at the same time. */
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

import type { Logger } from 'pino'
import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { MaybeLoaded } from '../kernel/context-lookup.ts'
import type { Notifier } from '../kernel/notify.ts'
import { attempt } from './attempt.ts'
import { type Channels, createChannels } from './channels.ts'
import { claimMessages, dueProjects, renewClaim } from './store.ts'

export interface CourierOptions {
  database: Database
  /**
   * Returns the project's context, loading it if necessary; undefined for a project that this process does not serve.
   */
  context: (projectId: string) => MaybeLoaded
  clock: Clock
  log: Logger
  notifier: Notifier
  /** The polling interval of the queue: `courier.worker.pull_wait`. */
  pollMs: number
}

export interface Courier {
  /** Waits for deliveries in progress, then closes all connections. */
  stop(): Promise<void>
}

/** The number of messages delivered concurrently. */
const parallelAttempts = 5
/** So long after the last renewal the messages of a node that ended are taken by another one. */
export const claimMs = 8000
const renewalMs = 2000

/** Starts delivering queued messages: those of this process immediately, those of other processes by polling. */
export function startCourier(options: CourierOptions): Courier {
  const channels = createChannels()
  let stopped = false
  let announced = false
  let wake = () => {}
  const announce = () => {
    announced = true
    wake()
  }
  const unsubscribe = options.notifier.subscribe('courier', announce)
  const working = (async () => {
    while (!stopped) {
      announced = false
      const more = await deliverDue(options, channels).catch((error: unknown) => {
        options.log.error({ err: error }, 'the mail queue cannot be read')
        return false
      })
      if (more || announced || stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.pollMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    async stop() {
      stopped = true
      unsubscribe()
      wake()
      await working
      channels.close()
    },
  }
}

/** Attempts every message that is due once, up to one batch per project. Returns true if there may be more. */
export async function deliverDue(
  { database, context, clock, log }: Pick<CourierOptions, 'database' | 'context' | 'clock' | 'log'>,
  channels: Channels,
): Promise<boolean> {
  let more = false
  for (const projectId of await dueProjects(database, clock.now())) {
    const ctx = await contextOrLogged(projectId, { context, log })
    if (ctx && (await deliverBatch(ctx, channels))) more = true
  }
  return more
}

/** If a project cannot be loaded, its messages stay queued; other projects are not affected. */
async function contextOrLogged(
  projectId: string,
  { context, log }: Pick<CourierOptions, 'context' | 'log'>,
): Promise<Context | undefined> {
  try {
    return await context(projectId)
  } catch (error) {
    log.error({ err: error, project_id: projectId }, 'the messages of a project cannot be delivered')
    return undefined
  }
}

async function deliverBatch(ctx: Context, channels: Channels): Promise<boolean> {
  const limit = Math.max(1, Math.min(ctx.config.identity.courier.worker.pull_count, 100))
  const holder = ctx.random.uuid()
  const until = () => ctx.clock.now() + claimMs
  const waiting = await claimMessages(ctx, { holder, limit, until: until() })
  const claimed = waiting.length
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await attempt(ctx, channels, next, holder)
  }
  const renewal = setInterval(() => {
    renewClaim(ctx, { holder, until: until() }).catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'the claim of messages cannot be renewed')
    })
  }, renewalMs)
  try {
    await Promise.all(Array.from({ length: Math.min(parallelAttempts, claimed) }, worker))
  } finally {
    clearInterval(renewal)
  }
  return claimed === limit
}

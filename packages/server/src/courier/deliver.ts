import type { Logger } from 'pino'
import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { MaybeLoaded } from '../kernel/context-lookup.ts'
import type { Notifier } from '../kernel/notify.ts'
import { attempt } from './attempt.ts'
import { type Channels, createChannels } from './channels.ts'
import { claimMessages, dueProjects } from './store.ts'

export interface CourierOptions {
  database: Database
  /** The project's context, loaded where it is not there yet; a project that is not served here has none. */
  context: (projectId: string) => MaybeLoaded
  clock: Clock
  log: Logger
  notifier: Notifier
  /** How long the queue is left alone when nobody announces anything: `courier.worker.pull_wait`. */
  pollMs: number
}

export interface Courier {
  /** Lets the messages that are being delivered finish, and closes all connections. */
  stop(): Promise<void>
}

/** Messages that are handed over at the same time. */
const parallelAttempts = 5
/** No attempt takes longer, as each step of one has its own shorter limit. */
const attemptMs = 60_000

/** Delivers whatever is in the queue, from now on: at once what this process queues, by polling what others do. */
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

/** Makes one attempt at every message that is due, up to a batch for each project. True if there may be more. */
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

/** A project that cannot be loaded keeps its messages, and no other project's. */
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
  const until = ctx.clock.now() + attemptMs * (Math.ceil(limit / parallelAttempts) + 1)
  const waiting = await claimMessages(ctx, { holder, limit, until })
  const claimed = waiting.length
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await attempt(ctx, channels, next, holder)
  }
  await Promise.all(Array.from({ length: Math.min(parallelAttempts, claimed) }, worker))
  return claimed === limit
}

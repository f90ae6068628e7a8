import { record } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { UnavailableError } from '../kernel/unavailable.ts'
import { DeliveryError, type Outgoing } from './channel.ts'
import type { Channels } from './channels.ts'
import { isReadable } from './readable.ts'
import { unseal } from './seal.ts'
import { type Settled, settleMessage } from './store.ts'
import type { CourierMessageRow } from './tables.ts'

const firstWaitMs = 2000
const maxWaitMs = 10 * 60_000
/** Less than a claim lasts. */
const availableMs = 5000
const pauseMs = 250

/** Attempts to deliver a claimed message and records the outcome. Never throws. */
export async function attempt(ctx: Context, channels: Channels, row: CourierMessageRow, holder: string): Promise<void> {
  const log = ctx.log.child({
    message_id: row.id,
    template_type: row.template_type,
    channel: row.channel,
    attempt: row.send_count,
  })
  try {
    // An expired claim has already counted an attempt whose outcome was never recorded.
    const failure = isExhausted(ctx, row.send_count - 1)
      ? new DeliveryError('no attempt came to an end', { permanent: true })
      : await handOver(ctx, channels, toOutgoing(ctx, row))
    const settled = failure ? afterFailure(ctx, row, failure) : afterSuccess(ctx)
    if (!failure) log.debug('message delivered')
    else log.warn({ reason: failure.message, cause: causeOf(failure), status: settled.status }, 'message not delivered')
    const now = ctx.clock.now()
    const dispatch = {
      id: ctx.random.orderedUuid(),
      message_id: row.id,
      status: failure ? ('failed' as const) : ('success' as const),
      error: failure ? JSON.stringify({ message: failure.message }) : null,
      created_at: now,
      updated_at: now,
    }
    await onceAvailable(() =>
      ctx.transaction(async (tx) => {
        const claimed = await settleMessage(tx, { id: row.id, holder, dispatch }, { ...settled, updated_at: now })
        if (claimed) await recordSettled(tx, row, settled)
      }),
    )
  } catch (error) {
    log.error({ err: error }, 'the outcome of a delivery cannot be stored')
  }
}

/** Repeats a transaction while the database is unavailable for a moment, so that a sent message is not sent again. */
async function onceAvailable(run: () => Promise<void>): Promise<void> {
  const until = performance.now() + availableMs
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof UnavailableError) || performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** A message that will be retried produces no event. */
async function recordSettled(tx: Context, row: CourierMessageRow, { status }: Settled): Promise<void> {
  if (status === 'queued') return
  await record(tx, status === 'sent' ? 'CourierMessageDispatched' : 'CourierMessageAbandoned', {
    CourierMessageID: row.id,
    CourierMessageChannel: row.channel ?? row.type,
    CourierMessageTemplateType: row.template_type,
  })
}

async function handOver(ctx: Context, channels: Channels, message: Outgoing): Promise<DeliveryError | undefined> {
  try {
    await channels.deliver(ctx, message)
    return undefined
  } catch (error) {
    return error instanceof DeliveryError ? error : new DeliveryError('the message could not be sent', { cause: error })
  }
}

function toOutgoing(ctx: Context, row: CourierMessageRow): Outgoing {
  return {
    id: row.id,
    type: row.type,
    recipient: row.recipient,
    subject: row.subject,
    text: unseal(ctx, `${row.id}/body`, row.body),
    html: row.html === null ? undefined : unseal(ctx, `${row.id}/html`, row.html),
    templateType: row.template_type,
    templateData: JSON.parse(unseal(ctx, `${row.id}/template_data`, row.template_data ?? '') || 'null'),
  }
}

function afterSuccess(ctx: Context): Settled {
  return { status: 'sent', ...clearContents(ctx) }
}

/** Exponential backoff with factor four: 2 s, 8 s, 32 s, and so on, up to ten minutes. */
function afterFailure(ctx: Context, row: CourierMessageRow, failure: DeliveryError): Settled {
  if (failure.permanent || isExhausted(ctx, row.send_count)) return { status: 'abandoned', ...clearContents(ctx) }
  const wait = Math.min(maxWaitMs, firstWaitMs * 4 ** (row.send_count - 1))
  return { status: 'queued', next_attempt_at: ctx.clock.now() + wait }
}

/** `message_retries` counts the attempts after the first. */
function isExhausted(ctx: Context, attempts: number): boolean {
  return attempts > ctx.config.identity.courier.message_retries
}

/** The text is no longer needed, and the codes and links in it are secrets. */
function clearContents(ctx: Context): Settled {
  return isReadable(ctx) ? {} : { body: '', html: null, template_data: null }
}

/** The error reported by the network or the remote server, for the operator's log only. */
function causeOf({ cause }: DeliveryError): string | undefined {
  return cause instanceof Error ? cause.message.slice(0, 500) : undefined
}

import { record } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { DeliveryError, type Outgoing } from './channel.ts'
import type { Channels } from './channels.ts'
import { isReadable } from './readable.ts'
import { unseal } from './seal.ts'
import { type Settled, settleMessage } from './store.ts'
import type { CourierMessageRow } from './tables.ts'

const firstWaitMs = 2000
const maxWaitMs = 10 * 60_000

/** Tries to hand over a claimed message, and writes down how that went. Never throws. */
export async function attempt(ctx: Context, channels: Channels, row: CourierMessageRow, holder: string): Promise<void> {
  const log = ctx.log.child({
    message_id: row.id,
    template_type: row.template_type,
    channel: row.channel,
    attempt: row.send_count,
  })
  try {
    // A claim that lapsed counted an attempt which nobody could settle.
    const failure = isExhausted(ctx, row.send_count - 1)
      ? new DeliveryError('no attempt came to an end', { permanent: true })
      : await handOver(ctx, channels, outgoing(ctx, row))
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
    await ctx.transaction(async (tx) => {
      const claimed = await settleMessage(tx, { id: row.id, holder, dispatch }, { ...settled, updated_at: now })
      if (claimed) await recordSettled(tx, row, settled)
    })
  } catch (error) {
    log.error({ err: error }, 'what became of a message cannot be written down')
  }
}

/** A message that is tried again later is no event yet. */
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

function outgoing(ctx: Context, row: CourierMessageRow): Outgoing {
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
  return { status: 'sent', ...emptied(ctx) }
}

/** Waits four times as long after each failure: 2 s, 8 s, 32 s, and so on up to ten minutes. */
function afterFailure(ctx: Context, row: CourierMessageRow, failure: DeliveryError): Settled {
  if (failure.permanent || isExhausted(ctx, row.send_count)) return { status: 'abandoned', ...emptied(ctx) }
  const wait = Math.min(maxWaitMs, firstWaitMs * 4 ** (row.send_count - 1))
  return { status: 'queued', next_attempt_at: ctx.clock.now() + wait }
}

/** `message_retries` counts the attempts after the first. */
function isExhausted(ctx: Context, attempts: number): boolean {
  return attempts > ctx.config.identity.courier.message_retries
}

/** Nobody needs the text any more, and codes and links in it are secrets. */
function emptied(ctx: Context): Settled {
  return isReadable(ctx) ? {} : { body: '', html: null, template_data: null }
}

/** What the network or the other side said, for the operator's log only. */
function causeOf({ cause }: DeliveryError): string | undefined {
  return cause instanceof Error ? cause.message.slice(0, 500) : undefined
}

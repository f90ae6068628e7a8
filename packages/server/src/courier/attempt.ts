import { record } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { UnavailableError } from '../kernel/unavailable.ts'
import { DeliveryError, type Outgoing } from './channel.ts'
import type { Channels } from './channels.ts'
import { contentOf } from './content.ts'
import { countDelivery } from './counts.ts'
import { isReadable } from './readable.ts'
import { seal, unseal } from './seal.ts'
import { type Settled, settleMessage } from './store.ts'
import type { CourierMessageRow } from './tables.ts'
import type { Rendered } from './templates/types.ts'

const firstWaitMs = 2000
const maxWaitMs = 10 * 60_000
/** Less than a claim lasts. */
const availableMs = 5000
const pauseMs = 250

type Outcome = Pick<Settled, 'next_attempt_at'> & { status: 'sent' | 'abandoned' | 'queued' }

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
    const { failure, content } = isExhausted(ctx, row.send_count - 1)
      ? { failure: new DeliveryError('no attempt came to an end', { permanent: true }) }
      : await handOver(ctx, channels, row)
    const settled = failure ? afterFailure(ctx, row, failure) : { status: 'sent' as const }
    countDelivery(row.template_type, settled.status === 'queued' ? 'retried' : settled.status)
    const final = settled.status === 'queued' ? {} : finalContent(ctx, row, content)
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
        const claimed = await settleMessage(
          tx,
          { id: row.id, holder, dispatch },
          { ...settled, ...final, updated_at: now },
        )
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
async function recordSettled(tx: Context, row: CourierMessageRow, { status }: Outcome): Promise<void> {
  if (status === 'queued') return
  await record(tx, status === 'sent' ? 'CourierMessageDispatched' : 'CourierMessageAbandoned', {
    CourierMessageID: row.id,
    CourierMessageChannel: row.channel ?? row.type,
    CourierMessageTemplateType: row.template_type,
  })
}

interface HandOver {
  failure?: DeliveryError
  /** What was sent. */
  content?: Rendered
}

async function handOver(ctx: Context, channels: Channels, row: CourierMessageRow): Promise<HandOver> {
  try {
    const content = await contentOf(ctx, row)
    const failure = await channels.deliver(ctx, toOutgoing(ctx, row, content)).then(() => undefined, failureOf)
    return { content, failure }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

function failureOf(error: unknown): DeliveryError {
  return error instanceof DeliveryError ? error : new DeliveryError('the message could not be sent', { cause: error })
}

function toOutgoing(ctx: Context, row: CourierMessageRow, content: Rendered): Outgoing {
  return {
    id: row.id,
    type: row.type,
    recipient: row.recipient,
    ...content,
    templateType: row.template_type,
    templateData: JSON.parse(unseal(ctx, `${row.id}/template_data`, row.template_data ?? '') || 'null'),
  }
}

/** Exponential backoff with factor four: 2 s, 8 s, 32 s, and so on, up to ten minutes. */
function afterFailure(ctx: Context, row: CourierMessageRow, failure: DeliveryError): Outcome {
  if (failure.permanent || isExhausted(ctx, row.send_count)) return { status: 'abandoned' }
  const wait = Math.min(maxWaitMs, firstWaitMs * 4 ** (row.send_count - 1))
  return { status: 'queued', next_attempt_at: ctx.clock.now() + wait }
}

/** `message_retries` counts the attempts after the first. */
function isExhausted(ctx: Context, attempts: number): boolean {
  return attempts > ctx.config.identity.courier.message_retries
}

/**
 * What is stored of the content once the message is settled: what was sent, where it may be read. Otherwise nothing,
 * because the codes and links in it are secrets.
 */
function finalContent(ctx: Context, { id }: CourierMessageRow, content: Rendered | undefined): Settled {
  if (!isReadable(ctx)) return { body: '', html: null, template_data: null }
  if (!content) return {}
  const { subject, text, html } = content
  return {
    subject,
    body: seal(ctx, `${id}/body`, text),
    html: html === undefined ? null : seal(ctx, `${id}/html`, html),
  }
}

/** The error reported by the network or the remote server, for the operator's log only. */
function causeOf({ cause }: DeliveryError): string | undefined {
  return cause instanceof Error ? cause.message.slice(0, 500) : undefined
}

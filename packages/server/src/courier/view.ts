import type { Message, MessageDispatch } from '@latchkey/api'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { isReadable } from './readable.ts'
import { unseal } from './seal.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'

const hidden = '<hidden outside development mode>'

/** A message as the API shows it. */
export function messageView(ctx: Context, row: CourierMessageRow): Message {
  const readable = isReadable(ctx)
  return {
    id: row.id,
    status: row.status,
    type: row.type,
    recipient: row.recipient,
    body: readable ? unseal(ctx, `${row.id}/body`, row.body) : hidden,
    subject: readable ? row.subject : hidden,
    template_type: row.template_type as Message['template_type'],
    channel: row.channel ?? undefined,
    send_count: row.send_count,
    created_at: timestamp(row.created_at),
    updated_at: timestamp(row.updated_at),
  }
}

export function dispatchView(row: CourierDispatchRow): MessageDispatch {
  return {
    id: row.id,
    message_id: row.message_id,
    status: row.status,
    error: row.error === null ? null : JSON.parse(row.error),
    created_at: timestamp(row.created_at),
    updated_at: timestamp(row.updated_at),
  }
}

import type { CourierDispatchRow, CourierMessageRow } from '../courier/index.ts'
import type { KratosTables } from './tables.ts'
import { timeMs } from './values.ts'

const statuses: Readonly<Record<string, CourierMessageRow['status']>> = { 2: 'sent', 4: 'abandoned' }

/**
 * A message of the history, without its content, as messages are kept here after they were delivered. One that Kratos
 * has not sent yet is abandoned: its flow is not taken over, so that the code or link in it is of no use.
 */
export function messageOf(row: KratosTables['courier_messages']): CourierMessageRow {
  const type = row.type === '2' ? 'phone' : 'email'
  return {
    id: row.id,
    type,
    status: statuses[row.status] ?? 'abandoned',
    recipient: row.recipient,
    subject: row.subject,
    body: '',
    html: null,
    template_type: row.template_type,
    template_data: null,
    channel: row.channel ?? (type === 'phone' ? 'sms' : 'email'),
    send_count: Number(row.send_count),
    next_attempt_at: timeMs(row.updated_at),
    claimed_by: null,
    created_at: timeMs(row.created_at),
    updated_at: timeMs(row.updated_at),
  }
}

export function dispatchOf(row: KratosTables['courier_message_dispatches']): CourierDispatchRow {
  return {
    id: row.id,
    message_id: row.message_id,
    status: row.status === 'success' ? 'success' : 'failed',
    error: row.error,
    created_at: timeMs(row.created_at),
    updated_at: timeMs(row.updated_at),
  }
}

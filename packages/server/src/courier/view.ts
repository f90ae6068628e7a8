import type { Message, MessageDispatch } from '@latchkey/api'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { contentsOf } from './content.ts'
import { isReadable } from './readable.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'
import type { Rendered } from './templates/types.ts'

const hidden = '<hidden outside development mode>'

/** Messages as the API shows them. */
export async function messageViews(ctx: Context, rows: readonly CourierMessageRow[]): Promise<Message[]> {
  const contents = isReadable(ctx) ? await contentsOf(ctx, rows) : []
  return rows.map((row, index) => messageView(row, contents[index]))
}

function messageView(row: CourierMessageRow, content: Rendered | undefined): Message {
  return {
    id: row.id,
    status: row.status,
    type: row.type,
    recipient: row.recipient,
    body: content?.text ?? hidden,
    subject: content?.subject ?? hidden,
    template_type: templateType(row),
    channel: row.channel ?? undefined,
    send_count: row.send_count,
    created_at: timestamp(row.created_at),
    updated_at: timestamp(row.updated_at),
  }
}

/** Ory's clients know their own types only, so that others are shown as `stub`. */
function templateType({ template_type: type }: CourierMessageRow): Message['template_type'] {
  return type === 'impersonation_started' ? 'stub' : (type as Message['template_type'])
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

import type { Context } from '../kernel/context.ts'
import { contentsOf } from './content.ts'
import { isReadable } from './readable.ts'
import { findMessage, listMessages } from './store.ts'
import type { CourierMessageRow } from './tables.ts'
import type { Rendered } from './templates/types.ts'

/** A message as the development mailbox page shows it. */
export interface Mail {
  id: string
  via: 'email' | 'sms'
  to: string
  subject: string
  text: string
  html?: string
  /** Milliseconds since the Unix epoch. */
  at: number
}

/** The latest messages, newest first; empty unless message bodies may be read. */
export async function listMailbox(
  ctx: Context,
  { limit = 100, to }: { limit?: number; to?: string } = {},
): Promise<Mail[]> {
  if (!isReadable(ctx)) return []
  return mails(ctx, await listMessages(ctx, { recipient: to }, { size: limit }))
}

export async function readMail(ctx: Context, id: string): Promise<Mail | undefined> {
  const row = isReadable(ctx) ? await findMessage(ctx, id) : undefined
  return row && (await mails(ctx, [row]))[0]
}

async function mails(ctx: Context, rows: readonly CourierMessageRow[]): Promise<Mail[]> {
  const contents = await contentsOf(ctx, rows)
  return contents.flatMap((content, index) => {
    const row = rows[index]
    return row ? [mail(row, content)] : []
  })
}

function mail(row: CourierMessageRow, content: Rendered): Mail {
  return { id: row.id, via: row.type === 'phone' ? 'sms' : 'email', to: row.recipient, ...content, at: row.created_at }
}

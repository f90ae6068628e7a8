import type { Context } from '../kernel/context.ts'
import { isReadable } from './readable.ts'
import { unseal } from './seal.ts'
import { findMessage, listMessages } from './store.ts'
import type { CourierMessageRow } from './tables.ts'

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
  return (await listMessages(ctx, { recipient: to }, { size: limit })).map((row) => mail(ctx, row))
}

export async function readMail(ctx: Context, id: string): Promise<Mail | undefined> {
  const row = isReadable(ctx) ? await findMessage(ctx, id) : undefined
  return row && mail(ctx, row)
}

function mail(ctx: Context, row: CourierMessageRow): Mail {
  return {
    id: row.id,
    via: row.type === 'phone' ? 'sms' : 'email',
    to: row.recipient,
    subject: row.subject,
    text: unseal(ctx, `${row.id}/body`, row.body),
    html: row.html === null ? undefined : unseal(ctx, `${row.id}/html`, row.html),
    at: row.created_at,
  }
}

import { ApiError } from '@latchkey/api'
import type { Mail as MailOnPage } from '@latchkey/pages'
import { listMailbox, type Mail, readMail } from '../courier/index.ts'
import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { Call, Reply } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { publicUrl } from '../selfservice/index.ts'
import { showPage } from './show.ts'

/** The messages sent in development mode, newest first. */
export async function mailboxPage(ctx: Context, call: Call): Promise<Reply> {
  const messages = (await listMailbox(ctx)).map((mail) => mailView(ctx, mail))
  return showPage(ctx, call, { kind: 'mailbox', messages, url: mailboxPath(ctx) })
}

export async function mailPage(ctx: Context, call: Call): Promise<Reply> {
  const id = call.params.id ?? ''
  const mail = isUuid(id) ? await readMail(ctx, id.toLowerCase()) : undefined
  if (!mail) throw ApiError.notFound()
  return showPage(ctx, call, { kind: 'mail', message: mailView(ctx, mail), mailboxUrl: mailboxPath(ctx) })
}

export function mailboxPath(ctx: Context): string {
  return publicUrl(ctx, 'dev/mailbox').pathname
}

function mailView(ctx: Context, { id, to, subject, text, html, at, via }: Mail): MailOnPage {
  const url = `${mailboxPath(ctx)}/${id}`
  return { id, recipient: to, subject, body: text, html, created_at: timestamp(at), type: via, url }
}

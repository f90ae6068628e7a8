import { ApiError, type Message } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { findMessage, listDispatches, listMessages, type MessageFilter, type Position } from './store.ts'
import { dispatchView, messageViews } from './view.ts'

/** A page of messages, newest first, with the position of the next page if there is one. */
export async function listCourierMessages(
  ctx: Context,
  filter: MessageFilter,
  { size, after }: { size: number; after?: Position },
): Promise<{ messages: Message[]; next?: Position }> {
  // Fetches one extra row to detect whether there is a next page.
  const found = await listMessages(ctx, filter, { size: size + 1, after })
  const rows = found.slice(0, size)
  const last = rows.at(-1)
  const next = found.length > size && last ? { createdAt: last.created_at, id: last.id } : undefined
  return { messages: await messageViews(ctx, rows), next }
}

/** A message with its delivery attempts. Throws 404 if there is none. */
export async function getCourierMessage(ctx: Context, id: string): Promise<Message> {
  const row = await findMessage(ctx, id)
  if (!row) throw ApiError.notFound()
  const dispatches = (await listDispatches(ctx, row.id)).map(dispatchView)
  const [view] = await messageViews(ctx, [row])
  return { ...(view as Message), ...(dispatches.length > 0 ? { dispatches } : {}) }
}

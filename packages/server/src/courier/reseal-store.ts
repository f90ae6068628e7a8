import type { Context } from '../kernel/context.ts'
import { reseal } from './seal.ts'

/**
 * Encrypts messages again that are encrypted with an older key, in the order of their ids after `after`. Looks at most
 * at `limit` messages. Returns the last id, or undefined at the end.
 */
export async function resealMessages(
  ctx: Pick<Context, 'db' | 'keys' | 'random'>,
  { after, limit }: { after: string; limit: number },
): Promise<string | undefined> {
  const rows = await ctx.db
    .selectFrom('courier_messages')
    .select(['id', 'body', 'html', 'template_data'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const { id, body, html, template_data: data } of rows) {
    const changes = {
      body: reseal(ctx, `${id}/body`, body),
      html: html === null ? undefined : reseal(ctx, `${id}/html`, html),
      template_data: data === null ? undefined : reseal(ctx, `${id}/template_data`, data),
    }
    if (Object.values(changes).every((one) => one === undefined)) continue
    // A message is cleared after delivery, which must not be undone.
    await ctx.db.updateTable('courier_messages').set(changes).where('id', '=', id).where('body', '=', body).execute()
  }
  return rows.at(-1)?.id
}

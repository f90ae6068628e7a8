import type { Kysely } from 'kysely'
import type { Database } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'

export async function insertMessage(ctx: Context, row: CourierMessageRow): Promise<void> {
  await ctx.db.insertInto('courier_messages').values(row).execute()
}

/** The projects that have messages due. */
export async function dueProjects({ unscoped }: Pick<Database, 'unscoped'>, now: number): Promise<string[]> {
  const db = unscoped as unknown as Kysely<{ courier_messages: CourierMessageRow & { project_id: string } }>
  const rows = await db
    .selectFrom('courier_messages')
    .select('project_id')
    .distinct()
    .where('status', 'in', ['queued', 'processing'])
    .where('next_attempt_at', '<=', now)
    .limit(1000)
    .execute()
  return rows.map((row) => row.project_id)
}

/** Counts the undelivered messages of all projects by status. */
export async function countWaiting({ unscoped }: Pick<Database, 'unscoped'>): Promise<Record<string, number>> {
  const rows = await unscoped
    .selectFrom('courier_messages')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .where('status', 'in', ['queued', 'processing'])
    .groupBy('status')
    .execute()
  return { queued: 0, processing: 0, ...Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])) }
}

export interface Claim {
  /** Identifies the claimant; only the claimant may record the outcome. */
  holder: string
  limit: number
  /** When the claim expires if the claimant does not record an outcome. */
  until: number
}

/**
 * Claims due messages, oldest first, in a single statement, so that each message goes to exactly one node. The attempt
 * is counted here, so that a message that crashes its node is not retried forever.
 */
export async function claimMessages(ctx: Context, { holder, limit, until }: Claim): Promise<CourierMessageRow[]> {
  const now = ctx.clock.now()
  let due = ctx.db
    .selectFrom('courier_messages')
    .select('id')
    .where('status', 'in', ['queued', 'processing'])
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
  if (ctx.capabilities.rowLocks) due = due.forUpdate().skipLocked()
  const rows = await ctx.db
    .updateTable('courier_messages')
    .set((eb) => ({
      status: 'processing',
      claimed_by: holder,
      send_count: eb('send_count', '+', 1),
      next_attempt_at: until,
      updated_at: now,
    }))
    .where('id', 'in', due)
    .returningAll()
    .execute()
  return rows.sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1))
}

/** Extends the claim of all messages of a batch whose outcome is not recorded yet. */
export async function renewClaim(ctx: Context, { holder, until }: Pick<Claim, 'holder' | 'until'>): Promise<void> {
  await ctx.db
    .updateTable('courier_messages')
    .set({ next_attempt_at: until })
    .where('status', '=', 'processing')
    .where('claimed_by', '=', holder)
    .execute()
}

export type Settled = Partial<
  Pick<CourierMessageRow, 'status' | 'next_attempt_at' | 'subject' | 'body' | 'html' | 'template_data' | 'updated_at'>
>

/** Records the outcome of an attempt unless the claim has expired and another node has claimed the message. */
export async function settleMessage(
  ctx: Context,
  { id, holder, dispatch }: { id: string; holder: string; dispatch: CourierDispatchRow },
  settled: Settled,
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const result = await tx.db
      .updateTable('courier_messages')
      .set({ ...settled, claimed_by: null })
      .where('id', '=', id)
      .where('claimed_by', '=', holder)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) return false
    await tx.db.insertInto('courier_dispatches').values(dispatch).execute()
    return true
  })
}

export interface MessageFilter {
  status?: CourierMessageRow['status']
  recipient?: string
}

export interface Position {
  createdAt: number
  id: string
}

/** Messages, newest first, starting after a position. */
export async function listMessages(
  ctx: Context,
  { status, recipient }: MessageFilter,
  page: { size: number; after?: Position },
): Promise<CourierMessageRow[]> {
  let query = ctx.db.selectFrom('courier_messages').selectAll()
  if (status !== undefined) query = query.where('status', '=', status)
  if (recipient !== undefined) query = query.where('recipient', '=', recipient)
  const { after } = page
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', after.createdAt),
        eb.and([eb('created_at', '=', after.createdAt), eb('id', '<', after.id)]),
      ]),
    )
  }
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.size).execute()
}

export async function findMessage(ctx: Context, id: string): Promise<CourierMessageRow | undefined> {
  return ctx.db.selectFrom('courier_messages').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The delivery attempts of a message, newest first. */
export async function listDispatches(ctx: Context, messageId: string): Promise<CourierDispatchRow[]> {
  return ctx.db
    .selectFrom('courier_dispatches')
    .selectAll()
    .where('message_id', '=', messageId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}

/** Deletes up to `limit` messages that were settled before a point in time. Returns how many. */
export async function removeSettledMessages(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const old = ctx.db
    .selectFrom('courier_messages')
    .select('id')
    .where('created_at', '<', before)
    .where('status', 'in', ['sent', 'abandoned'])
    .limit(limit)
  const result = await ctx.db.deleteFrom('courier_messages').where('id', 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}

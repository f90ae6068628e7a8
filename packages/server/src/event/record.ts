import type { Context, ProjectDatabase } from '../kernel/context.ts'
import type { EventName, Events } from './events.ts'
import { insertEvents } from './store.ts'
import type { EventRow } from './tables.ts'

/**
 * Records the event of a write in the same transaction. The events of a transaction are inserted with one statement
 * before the commit. Subscribers run immediately; if one fails, the transaction is rolled back.
 */
export async function record<Name extends EventName>(
  ctx: Context,
  name: Name,
  attributes: Events[Name],
): Promise<void> {
  await recordAll(ctx, name, [attributes])
}

/** Records several events of one type, such as one per imported identity. */
export async function recordAll<Name extends EventName>(
  ctx: Context,
  name: Name,
  each: readonly Events[Name][],
): Promise<void> {
  if (each.length === 0) return
  const { type, id = null } = ctx.actor
  const rows = each.map((attributes) => ({
    id: ctx.random.orderedUuid(),
    name,
    actor_type: type,
    actor_id: id,
    attributes: JSON.stringify(attributes),
    created_at: ctx.clock.now(),
  }))
  if (ctx.db.isTransaction) storeAtCommit(ctx, rows)
  // Without a transaction there is no write that could be lost: the event reports a failure.
  else await insertEvents({ db: ctx.asyncCommit }, rows)
  for (const subscriber of ctx.subscribers[name] ?? []) {
    for (const attributes of each) await subscriber(ctx, attributes)
  }
}

const uncommitted = new WeakMap<ProjectDatabase, EventRow[]>()

function storeAtCommit(ctx: Context, rows: readonly EventRow[]): void {
  const earlier = uncommitted.get(ctx.db)
  if (earlier) {
    earlier.push(...rows)
    return
  }
  const all = [...rows]
  uncommitted.set(ctx.db, all)
  ctx.beforeCommit(() => insertEvents(ctx, all))
}

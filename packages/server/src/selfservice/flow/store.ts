import { prepared } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'
import type { Flow, FlowName, FlowOf } from './flow.ts'

const byId = prepared<{ id: string; type: string }, { data: string }>((db, p) =>
  db.selectFrom('flows').select('data').where('id', '=', p.id).where('type', '=', p.type),
)

const insert = prepared<{ id: string; type: string; data: string; expires: number }, never>((db, p) =>
  db.insertInto('flows').values({ id: p.id, type: p.type, data: p.data, attempts: 0, expires_at: p.expires }),
)

/** A flow of this name, expired or not, as it is stored: a common form has no nodes yet. */
export async function findFlow<Name extends FlowName>(
  ctx: Context,
  name: Name,
  id: string,
): Promise<FlowOf<Name> | undefined> {
  if (!isUuid(id)) return undefined
  const [row] = await byId(ctx.db, { id: id.toLowerCase(), type: name })
  return row && JSON.parse(row.data)
}

/** Stores a new flow; it may be lost when the machine dies, since it can be begun again. */
export async function insertFlow(ctx: Context, flow: Flow): Promise<void> {
  await insert(ctx.asyncCommit, { id: flow.id, type: flow.name, data: serialize(flow), expires: flow.expiresAt })
}

export async function saveFlow(ctx: Context, flow: Flow): Promise<void> {
  flow.updatedAt = ctx.clock.now()
  // A common form without nodes was not needed, and one with nodes may have been changed.
  if (flow.ui.nodes.length > 0) delete flow.form
  await ctx.asyncCommit
    .updateTable('flows')
    .set({ data: serialize(flow), expires_at: flow.expiresAt })
    .where('id', '=', flow.id)
    .execute()
}

/** Counts one more attempt at a code; false once `limit` have been made. Holds across nodes and simultaneous requests. */
export async function takeAttempt(ctx: Context, flowId: string, limit: number): Promise<boolean> {
  const [result] = await ctx.db
    .updateTable('flows')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', flowId)
    .where('attempts', '<', limit)
    .execute()
  return result !== undefined && result.numUpdatedRows > 0n
}

/** Removes flows that expired before `before`, at most `limit`. Returns how many. */
export async function removeExpiredFlows(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('flows')
    .where('id', 'in', (eb) => eb.selectFrom('flows').select('id').where('expires_at', '<', before).limit(limit))
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}

/** Leaves out what belongs to one answer only, and a form that can be rebuilt. */
function serialize({ transientPayload: _t, continueWith: _c, exchangeCode: _e, ...flow }: Flow): string {
  return JSON.stringify(flow.form === 'common' ? { ...flow, ui: { ...flow.ui, nodes: [] } } : flow)
}

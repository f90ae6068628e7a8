import { prepared } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'
import type { Flow, FlowName } from './flow.ts'
import { commonNodes } from './login/form.ts'

const byId = prepared<{ id: string; type: string }, { data: string }>((db, p) =>
  db.selectFrom('flows').select('data').where('id', '=', p.id).where('type', '=', p.type),
)

const insert = prepared<{ id: string; type: string; data: string; expires: number }, never>((db, p) =>
  db.insertInto('flows').values({ id: p.id, type: p.type, data: p.data, attempts: 0, expires_at: p.expires }),
)

/** A flow of this kind, run out or not. */
export async function findFlow(ctx: Context, name: FlowName, id: string): Promise<Flow | undefined> {
  if (!isUuid(id)) return undefined
  const [row] = await byId(ctx.db, { id: id.toLowerCase(), type: name })
  if (!row) return undefined
  const flow: Flow = JSON.parse(row.data)
  if (flow.form === 'common') flow.ui.nodes = await commonNodes(ctx, flow)
  return flow
}

/** Stores a new flow; it may be lost when the machine dies, since it can be begun anew. */
export async function insertFlow(ctx: Context, flow: Flow): Promise<void> {
  await insert(ctx.relaxed, { id: flow.id, type: flow.name, data: stored(flow), expires: flow.expiresAt })
}

export async function saveFlow(ctx: Context, flow: Flow): Promise<void> {
  flow.updatedAt = ctx.clock.now()
  delete flow.form
  await ctx.relaxed
    .updateTable('flows')
    .set({ data: stored(flow), expires_at: flow.expiresAt })
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

/** Removes flows that ran out before `before`, at most `limit`. Gives how many. */
export async function removeExpiredFlows(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('flows')
    .where('id', 'in', (eb) => eb.selectFrom('flows').select('id').where('expires_at', '<', before).limit(limit))
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}

/** What belongs to one answer only is left out, and a form that can be made anew. */
function stored({ transientPayload: _t, continueWith: _c, ...flow }: Flow): string {
  return JSON.stringify(flow.form === 'common' ? { ...flow, ui: { ...flow.ui, nodes: [] } } : flow)
}

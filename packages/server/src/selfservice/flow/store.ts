import { insertTogether, preparedStatement, removeOld } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'
import type { Flow, FlowName, FlowOf } from './flow.ts'
import { hasUnwrittenSteps, storedSteps, writtenSteps } from './steps.ts'

const byId = preparedStatement<{ id: string; type: string }, { data: string; steps: string | null }>((db, p) =>
  db.selectFrom('flows').select(['data', 'steps']).where('id', '=', p.id).where('type', '=', p.type),
)

const insert = insertTogether('flows', ['id', 'type', 'data', 'attempts', 'expires_at', 'steps'])

/** Finds a flow, which may have expired. The nodes of a common form are not restored. */
export async function findFlow<Name extends FlowName>(
  ctx: Context,
  name: Name,
  id: string,
): Promise<FlowOf<Name> | undefined> {
  if (!isUuid(id)) return undefined
  const [row] = await byId(ctx.db, { id: id.toLowerCase(), type: name })
  return row && { ...JSON.parse(row.data), steps: storedSteps(row.steps) }
}

/** Inserts a new flow with asynchronous commit: it may be lost in a crash, but can be created again. */
export async function insertFlow(ctx: Context, flow: Flow): Promise<void> {
  const { id, name: type, expiresAt } = flow
  const data = serialize(flow)
  await insert(ctx.asyncCommit, { id, type, data, attempts: 0, expires_at: expiresAt, steps: writtenSteps(flow) })
}

export async function saveFlow(ctx: Context, flow: Flow): Promise<void> {
  flow.updatedAt = ctx.clock.now()
  // A common form without nodes was not restored and is unchanged; one with nodes may have been modified.
  if (flow.ui.nodes.length > 0) delete flow.form
  await ctx.asyncCommit
    .updateTable('flows')
    .set({ data: serialize(flow), expires_at: flow.expiresAt, steps: writtenSteps(flow) })
    .where('id', '=', flow.id)
    .execute()
}

/** Stores the steps of a flow that is not stored otherwise, because its submission failed; nothing if all are stored. */
export async function saveSteps(ctx: Context, flow: Flow): Promise<void> {
  if (!hasUnwrittenSteps(flow)) return
  const update = ctx.asyncCommit
    .updateTable('flows')
    .set({ steps: writtenSteps(flow) })
    .where('id', '=', flow.id)
  await update.execute().catch((error: unknown) => {
    // The answer is made already, and does not depend on it.
    ctx.log.warn({ err: error, flow_id: flow.id }, 'the steps of a flow could not be stored')
  })
}

/** Finds a flow by its id alone. */
export async function findAnyFlow(ctx: Context, id: string): Promise<Flow | undefined> {
  const row = await ctx.db.selectFrom('flows').select(['data', 'steps']).where('id', '=', id).executeTakeFirst()
  return row && { ...JSON.parse(row.data), steps: storedSteps(row.steps ?? null) }
}

/** Deletes a flow. */
export async function deleteFlow(ctx: Context, { id }: Pick<Flow, 'id'>): Promise<void> {
  await ctx.db.deleteFrom('flows').where('id', '=', id).execute()
}

/** Counts an attempt atomically, also for concurrent requests and nodes. Returns false if `limit` is reached. */
export async function takeAttempt(ctx: Context, flowId: string, limit: number): Promise<boolean> {
  const [result] = await ctx.db
    .updateTable('flows')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', flowId)
    .where('attempts', '<', limit)
    .execute()
  return result !== undefined && result.numUpdatedRows > 0n
}

/** Deletes at most `limit` flows that expired before `before`. Returns the number of deleted flows. */
export function removeExpiredFlows(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'flows', key: 'id', time: 'expires_at' }, { before, limit })
}

/** Serializes a flow without members that are used only for one response, and without the nodes of a common form. */
function serialize({
  transientPayload: _t,
  continueWith: _c,
  exchangeCode: _e,
  testContext: _x,
  steps: _s,
  challenge: _p,
  captcha: _h,
  loginRequest: _l,
  ...flow
}: Flow): string {
  return JSON.stringify(flow.form === 'common' ? { ...flow, ui: { ...flow.ui, nodes: [] } } : flow)
}

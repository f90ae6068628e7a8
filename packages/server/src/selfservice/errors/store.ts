import { ApiError, type GenericError, type FlowError as StoredError } from '@latchkey/api'
import { removeOld } from '../../db/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'
import type { Flow } from '../flow/flow.ts'
import type { StoredStep } from '../flow/steps.ts'

/** What an administrator can learn of an error: the request that it ended, and the flow as it was then. */
export interface ErrorOrigin {
  request: string
  flow?: FlowRecord
}

/** What is kept of a flow with an error. */
export type FlowRecord = Pick<Flow, 'id' | 'name' | 'type' | 'issuedAt' | 'expiresAt'> & {
  steps: readonly StoredStep[]
}

/** Keeps an error for the page that shows it. Gives its id. */
export async function storeFlowError(ctx: Context, error: ApiError, origin?: ErrorOrigin): Promise<string> {
  const id = ctx.random.uuid()
  await ctx.asyncCommit
    .insertInto('flow_errors')
    .values({
      ...{ id, error: JSON.stringify(error.content), created_at: ctx.clock.now() },
      ...{ flow_id: origin?.flow?.id ?? null, explanation: origin ? JSON.stringify(origin) : null },
    })
    .execute()
  return id
}

/** A stored error as the API writes it. `stub:500` is a sample for people who build an error page. 404 otherwise. */
export async function readFlowError(ctx: Context, id: string): Promise<StoredError> {
  if (id === 'stub:500') return sample(ctx)
  const row = isUuid(id)
    ? await ctx.db
        .selectFrom('flow_errors')
        .select(['id', 'error', 'created_at'])
        .where('id', '=', id.toLowerCase())
        .executeTakeFirst()
    : undefined
  if (!row) throw ApiError.notFound()
  const at = timestamp(row.created_at)
  return { id: row.id, error: JSON.parse(row.error), created_at: at, updated_at: at }
}

/** An error with its origin; undefined if there is none of this id. */
export async function findFlowError(
  ctx: Context,
  id: string,
): Promise<{ id: string; createdAt: number; error: GenericError; origin?: ErrorOrigin } | undefined> {
  const row = await ctx.db
    .selectFrom('flow_errors')
    .select(['id', 'error', 'created_at', 'explanation'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const origin = row.explanation ? { origin: JSON.parse(row.explanation) } : {}
  return { id: row.id, createdAt: row.created_at, error: JSON.parse(row.error), ...origin }
}

/** The ids of the errors that a flow led to, newest first, at most `limit`. */
export async function errorsOfFlow(ctx: Context, flowId: string, limit: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('flow_errors')
    .select('id')
    .where('flow_id', '=', flowId)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

function sample(ctx: Context): StoredError {
  const at = timestamp(ctx.clock.now())
  const error = ApiError.internal({ reason: 'This is a sample error for building an error page.' })
  return { id: ctx.random.uuid(), error: error.content, created_at: at, updated_at: at }
}

/** Removes errors older than `before`, at most `limit`. Gives how many. */
export function removeOldFlowErrors(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'flow_errors', key: 'id', time: 'created_at' }, { before, limit })
}

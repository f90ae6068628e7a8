import { ApiError, type FlowError as StoredError } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { isUuid } from '../../kernel/uuid.ts'

/** Keeps an error for the page that shows it. Gives its id. */
export async function storeFlowError(ctx: Context, error: ApiError): Promise<string> {
  const id = ctx.random.uuid()
  await ctx.asyncCommit
    .insertInto('flow_errors')
    .values({ id, error: JSON.stringify(error.content), created_at: ctx.clock.now() })
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

function sample(ctx: Context): StoredError {
  const at = timestamp(ctx.clock.now())
  const error = ApiError.internal({ reason: 'This is a sample error for building an error page.' })
  return { id: ctx.random.uuid(), error: error.content, created_at: at, updated_at: at }
}

/** Removes errors older than `before`, at most `limit`. Gives how many. */
export async function removeOldFlowErrors(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('flow_errors')
    .where('id', 'in', (eb) => eb.selectFrom('flow_errors').select('id').where('created_at', '<', before).limit(limit))
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}

import { preparedStatement } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import { tokenHash } from '../kernel/keys.ts'

const byHash = preparedStatement<{ hash: string }, { id: string }>((db, p) =>
  db.selectFrom('project_tokens').select('id').where('token_hash', '=', p.hash),
)

/** Creates a token for the project's admin API. Only its hash is stored, so it can be shown only once. */
export async function createProjectToken(ctx: Context, name: string): Promise<string> {
  const token = `ory_pat_${ctx.random.token(43)}`
  await ctx.db
    .insertInto('project_tokens')
    .values({ id: ctx.random.orderedUuid(), name, token_hash: tokenHash(token), created_at: ctx.clock.now() })
    .execute()
  return token
}

/** The id of an admin API token; undefined if the token is invalid. */
export async function findProjectToken(ctx: Context, token: string): Promise<string | undefined> {
  if (!token.startsWith('ory_pat_')) return undefined
  const [row] = await byHash(ctx.db, { hash: tokenHash(token) })
  return row?.id
}

export async function hasProjectTokens(ctx: Context): Promise<boolean> {
  return (await ctx.db.selectFrom('project_tokens').select('id').limit(1).execute()).length > 0
}

import { ApiError } from '@latchkey/api'
import type { Caller } from '../kernel/caller.ts'
import type { Context } from '../kernel/context.ts'
import { actingAs } from '../kernel/derived-context.ts'
import { bearerToken } from '../kernel/http/index.ts'
import { findProjectToken } from './store.ts'

/** The context of a caller that presents one of the project's tokens; throws 401 otherwise. */
export async function requireProjectToken(ctx: Context, caller: Caller): Promise<Context> {
  const token = bearerToken(caller)
  const id = token && (await findProjectToken(ctx, token))
  if (id) return actingAs(ctx, { type: 'project_token', id })
  throw ApiError.unauthorized({
    reason: 'The admin API needs a project token: Authorization: Bearer ory_pat_….',
    headers: { 'www-authenticate': 'Bearer' },
  })
}

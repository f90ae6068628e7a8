import { ApiError } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { isProjectToken } from './store.ts'

/** Lets only holders of one of the project's tokens through; 401 for all others. */
export async function requireProjectToken(ctx: Context, call: Pick<Call, 'header'>): Promise<void> {
  const token = /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
  if (token && (await isProjectToken(ctx, token))) return
  throw ApiError.unauthorized({
    reason: 'The admin API needs a project token: Authorization: Bearer ory_pat_….',
    headers: { 'www-authenticate': 'Bearer' },
  })
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { revisionOf } from '../changes/token.ts'

/**
 * How fresh an answer has to be: `full` sees every write that was acknowledged before; a revision is the oldest that an
 * answer may be of; `minimize_latency` may be some seconds behind the writes of other processes.
 */
export type Consistency = 'full' | 'minimize_latency' | { readonly revision: number }

/**
 * What the parameters `consistency` and `snaptoken` ask for; full consistency without them.
 * @throws ApiError 400 where they contradict each other, or the token was not issued here.
 */
export function consistencyFrom(ctx: Context, search: URLSearchParams): Consistency {
  const token = search.get('snaptoken') ?? ''
  const wanted = search.get('consistency') ?? (token === '' ? 'full' : 'at_least')
  if (wanted === 'at_least') {
    if (token === '') throw ApiError.badRequest({ message: 'The consistency at_least needs a snaptoken.' })
    return { revision: revisionOf(ctx, token) }
  }
  if (wanted !== 'full' && wanted !== 'minimize_latency') {
    throw ApiError.badRequest({ message: 'The consistency must be full, at_least or minimize_latency.' })
  }
  if (token !== '') throw ApiError.badRequest({ message: `The consistency ${wanted} takes no snaptoken.` })
  return wanted
}

/** A token of a future revision is of another installation, or older than the backup that was restored. */
export function requireReached(at: number, consistency: Consistency): void {
  if (typeof consistency === 'object' && at < consistency.revision) {
    throw ApiError.badRequest({ reason: 'The snapshot token is of a later state than the relationships here are in.' })
  }
}

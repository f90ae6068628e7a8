import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { revisionOf } from '../changes/token.ts'

/**
 * How fresh an answer has to be: `full` sees every write that was acknowledged before; one that is at least of some
 * revision sees that one; `minimize_latency` may be some seconds behind where another process writes.
 */
export type Consistency = 'full' | 'minimize_latency' | { readonly revision: number }

/**
 * What the parameters `consistency` and `snaptoken` ask for; without them an answer is as fresh as can be.
 * @throws ApiError 400 where they do not go together, or the token was not made here.
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

/** A token of a revision that is not there yet is of another installation, or of one before it was set back. */
export function requireReached(at: number, consistency: Consistency): void {
  if (typeof consistency === 'object' && at < consistency.revision) {
    throw ApiError.badRequest({ reason: 'The snapshot token is of a later state than the relationships here are in.' })
  }
}

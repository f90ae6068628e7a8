import { ApiError } from '@latchkey/api'
import type { TupleChange } from './change.ts'
import { type OpenTuple, requireSubject, requireTuple } from './read.ts'

/** Most changes in one request. */
const mostChanges = 10_000

/** @throws ApiError 400 for the first change in the list that is not understood. */
export function changesFrom(list: readonly unknown[]): TupleChange[] {
  if (list.length > mostChanges) {
    throw ApiError.badRequest({ message: `At most ${mostChanges} relationships can be changed at once.` })
  }
  return list.map((one) => {
    const { action, relation_tuple: open } = (one ?? {}) as { action?: unknown; relation_tuple?: OpenTuple }
    if (!open) throw ApiError.badRequest({ message: 'The relation_tuple of a change is missing.' })
    if (action !== 'insert' && action !== 'delete') {
      throw ApiError.badRequest({ message: 'The action of a change must be insert or delete.' })
    }
    return { action, tuple: action === 'insert' ? requireTuple(open) : requireSubject(open) }
  })
}

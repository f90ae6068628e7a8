import { ApiError } from '@latchkey/api'
import type { TupleChange } from './change.ts'
import { type OpenTuple, requireSubject, requireTuple } from './parse.ts'

/** Most changes in one request. */
const mostChanges = 10_000
/** Most different expressions in the conditions of one request: each has to be read, which takes milliseconds. */
const mostExpressions = 100

/** @throws ApiError 400 for the first change in the list that is not understood. */
export function changesFrom(list: readonly unknown[]): TupleChange[] {
  if (list.length > mostChanges) {
    throw ApiError.badRequest({ message: `At most ${mostChanges} relationships can be changed at once.` })
  }
  const expressions = new Set(list.map(expressionOf).filter((one) => one !== undefined))
  if (expressions.size > mostExpressions) {
    const message = `The conditions of one request have at most ${mostExpressions} different expressions.`
    throw ApiError.badRequest({ message: `${message} What differs from tuple to tuple belongs into their contexts.` })
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

/** The expression of a change, as far as it has one. */
function expressionOf(change: unknown): unknown {
  const open = change as { relation_tuple?: { condition?: { expression?: unknown } | null } } | null
  return open?.relation_tuple?.condition?.expression
}

import { ApiError } from '@latchkey/api'
import { isTurnOver, nextTurn } from '../turn.ts'
import type { TupleChange } from './change.ts'
import { type OpenTuple, requireSubject, requireTuple } from './parse.ts'

const maxChanges = 10_000
/** The maximum number of distinct condition expressions per request, as compiling one takes milliseconds. */
const maxExpressions = 100

/** What reading a change takes, in steps of a search, apart from the compilation of its condition. */
const stepsPerChange = 1 / 2

/**
 * Reads the changes of a request. Others have their turn between some of them.
 * @throws ApiError 400 for the first invalid change in the list.
 */
export async function changesFrom(list: readonly unknown[]): Promise<TupleChange[]> {
  if (list.length > maxChanges) {
    throw ApiError.badRequest({ message: `At most ${maxChanges} relationships can be changed at once.` })
  }
  const expressions = new Set(list.map(expressionOf).filter((one) => one !== undefined))
  if (expressions.size > maxExpressions) {
    const message = `The conditions of one request have at most ${maxExpressions} different expressions.`
    throw ApiError.badRequest({ message: `${message} What differs from tuple to tuple belongs in their contexts.` })
  }
  const changes: TupleChange[] = []
  for (const one of list) {
    changes.push(changeFrom(one))
    if (isTurnOver(stepsPerChange)) await nextTurn()
  }
  return changes
}

function changeFrom(one: unknown): TupleChange {
  const { action, relation_tuple: open } = (one ?? {}) as { action?: unknown; relation_tuple?: OpenTuple }
  if (!open) throw ApiError.badRequest({ message: 'The relation_tuple of a change is missing.' })
  if (action !== 'insert' && action !== 'delete') {
    throw ApiError.badRequest({ message: 'The action of a change must be insert or delete.' })
  }
  return { action, tuple: action === 'insert' ? requireTuple(open) : requireSubject(open) }
}

/** The expression of a change's condition, if it has one. */
function expressionOf(change: unknown): unknown {
  const open = change as { relation_tuple?: { condition?: { expression?: unknown } | null } } | null
  return open?.relation_tuple?.condition?.expression
}

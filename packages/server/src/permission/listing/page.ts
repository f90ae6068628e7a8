import { setImmediate } from 'node:timers/promises'
import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type CheckOptions, check } from '../check/check.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { longestMs, mostChecked } from './limits.ts'
import type { NamePage } from './store.ts'

/** Names in the order of their bytes, from after one on, at most so many; fewer where they end. */
export type Candidates = (page: NamePage) => Promise<readonly string[]>

/** What is asked about each candidate. */
export interface Question {
  tuple(name: string): RelationTuple
  readonly options: CheckOptions
}

/**
 * The first candidates that a check allows, in their order. `last` is there where the list goes on, and tells how far
 * it was looked through. The page ends early after `mostChecked` candidates or `longestMs`, however few are allowed.
 */
export async function fillPage(
  ctx: Context,
  { size, after }: NamePage,
  { candidates, question }: { candidates: Candidates; question: Question },
): Promise<{ names: string[]; last?: string }> {
  const { batch_check_max_parallelization: atOnce } = ctx.config.permission.limit
  const names: string[] = []
  const until = ctx.clock.now() + longestMs
  let [last, left] = [after, mostChecked]
  for (;;) {
    const chunk = await candidates({ size: size + 1, ...(last !== undefined && { after: last }) })
    for (let at = 0; at < chunk.length; ) {
      const some = chunk.slice(at, at + Math.min(atOnce, left, size - names.length))
      const allowed = await Promise.all(some.map((name) => isAllowed(ctx, question, name)))
      names.push(...some.filter((_, i) => allowed[i]))
      at += some.length
      left -= some.length
      last = some.at(-1)
      const ended = at === chunk.length && chunk.length <= size
      if (names.length === size || left === 0 || ctx.clock.now() > until)
        return { names, ...(!ended && last !== undefined && { last }) }
      // SQLite answers at once, so that others would have to wait for all of it.
      await setImmediate()
    }
    if (chunk.length <= size) return { names }
  }
}

/** What cannot be found out, such as where a tuple leads to a relation that is not declared, is not allowed. */
async function isAllowed(ctx: Context, { tuple, options }: Question, name: string): Promise<boolean> {
  try {
    const { allowed } = await check(ctx, tuple(name), options)
    return allowed
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Candidates that are known already, in any order. */
export function among(names: readonly string[]): Candidates {
  const inOrder = [...new Set(names)].map((name) => Buffer.from(name)).sort(Buffer.compare)
  return async ({ size, after }) => {
    const bytes = after === undefined ? undefined : Buffer.from(after)
    const rest = bytes ? inOrder.filter((one) => Buffer.compare(one, bytes) > 0) : inOrder
    return rest.slice(0, size).map((one) => one.toString())
  }
}

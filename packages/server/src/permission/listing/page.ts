import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type CheckOptions, checkAll } from '../check/check.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { nextTurn } from '../turn.ts'
import { maxCheckedNames, maxDurationMs, maxNamesPerRun } from './limits.ts'
import type { NamePage } from './store.ts'

/** Names in the order of their bytes, after a given one, up to a number; fewer where they end. */
export type Candidates = (page: NamePage) => Promise<readonly string[]>

/** The check of each candidate. */
export interface CandidateCheck {
  tuple(name: string): RelationTuple
  readonly options: CheckOptions
}

/**
 * The first candidates that a check allows, in their order. `last` is set where the list goes on: the name up to which
 * candidates were checked. The page ends early after `maxCheckedNames` or `maxDurationMs`, however few are allowed.
 */
export async function fillPage(
  ctx: Context,
  { size, after }: NamePage,
  { candidates, check }: { candidates: Candidates; check: CandidateCheck },
): Promise<{ names: string[]; last?: string }> {
  const names: string[] = []
  const deadline = ctx.clock.monotonic() + maxDurationMs
  let [last, left] = [after, maxCheckedNames]
  for (;;) {
    const chunk = await candidates({ size: size + 1, ...(last !== undefined && { after: last }) })
    for (let at = 0; at < chunk.length; ) {
      const run = chunk.slice(at, at + Math.min(maxNamesPerRun, left, size - names.length))
      const allowed = await allowedOf(ctx, check, run)
      names.push(...run.filter((_, i) => allowed[i]))
      at += run.length
      left -= run.length
      last = run.at(-1)
      const isEnd = at === chunk.length && chunk.length <= size
      if (names.length === size || left === 0 || ctx.clock.monotonic() > deadline)
        return { names, ...(!isEnd && last !== undefined && { last }) }
      // SQLite answers synchronously, so that other requests would have to wait for the whole page.
      await nextTurn()
    }
    if (chunk.length <= size) return { names }
  }
}

/** A check that fails, as where a tuple leads to an undeclared relation, does not allow. */
async function allowedOf(ctx: Context, { tuple, options }: CandidateCheck, names: string[]): Promise<boolean[]> {
  const answers = await checkAll(ctx, names.map(tuple), options)
  return answers.map((answer) => !(answer instanceof ApiError) && answer.allowed)
}

/** Candidates that are all known, in any order. */
export function among(names: readonly string[]): Candidates {
  const inOrder = [...new Set(names)].map((name) => Buffer.from(name)).sort(Buffer.compare)
  return async ({ size, after }) => {
    const bytes = after === undefined ? undefined : Buffer.from(after)
    const rest = bytes ? inOrder.filter((one) => Buffer.compare(one, bytes) > 0) : inOrder
    return rest.slice(0, size).map((one) => one.toString())
  }
}

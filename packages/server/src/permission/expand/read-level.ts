import type { Context } from '../../kernel/context.ts'
import { type ObjectRelation, readSubjects, type SubjectRow } from '../check/store.ts'
import { nextTurn } from '../turn.ts'

/** The maximum number of members that a synchronous statement reads. */
const maxRowsAtOnce = 2000
/** What a member takes, in steps of a search. */
export const stepsPerMember = 1 / 2

/** The subjects of the tuples of some relations, in their order; others have their turn between synchronous statements. */
export async function readLevel(
  ctx: Context,
  level: readonly ObjectRelation[],
  maxRows: number,
): Promise<SubjectRow[]> {
  const rows: SubjectRow[] = []
  const most = ctx.capabilities.inProcess ? maxRowsAtOnce : maxRows
  for (;;) {
    const limit = { maxRows: Math.min(most, maxRows - rows.length), skippedRows: rows.length }
    const page = await readSubjects(ctx, level, limit)
    rows.push(...page)
    await nextTurn()
    if (page.length < limit.maxRows || rows.length >= maxRows) return rows
  }
}

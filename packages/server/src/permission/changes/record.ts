import type { Context } from '../../kernel/context.ts'
import { namingColumns, type RelationTupleRow } from '../tables.ts'
import { newsOf } from './news.ts'
import { currentRevision, insertChanges, nextRevision } from './store.ts'

export type TupleRow = Omit<RelationTupleRow, 'id'>

/** What became of a tuple. */
export interface RecordedChange {
  action: 'insert' | 'delete'
  tuple: TupleRow
}

/** Most changes in one row of the record. */
export const partSize = 1000

const recorded = [...namingColumns, 'condition'] as const

/**
 * Records what a transaction changed, for whoever follows; belongs at its end. Returns the project's revision after it.
 */
export async function recordChanges(ctx: Context, changes: readonly RecordedChange[]): Promise<number> {
  if (changes.length === 0) return currentRevision(ctx)
  const revision = await nextRevision(ctx)
  for (let at = 0; at < changes.length; at += partSize) {
    const some = changes.slice(at, at + partSize)
    await insertChanges(ctx, {
      revision,
      part: at / partSize,
      count: some.length,
      changes: JSON.stringify(some.map(({ action, tuple }) => [action, ...recorded.map((column) => tuple[column])])),
      changed_at: ctx.clock.now(),
    })
  }
  ctx.afterCommit(() => newsOf(ctx).tell(revision))
  return revision
}

/** The changes that a row of the record holds. */
export function readChanges(json: string): RecordedChange[] {
  const entries = JSON.parse(json) as [RecordedChange['action'], ...string[]][]
  return entries.map(([action, ...values]) => ({
    action,
    tuple: Object.fromEntries(recorded.map((column, i) => [column, values[i]])) as unknown as TupleRow,
  }))
}

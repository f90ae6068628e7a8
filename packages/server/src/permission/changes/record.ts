import type { Context } from '../../kernel/context.ts'
import { namingColumns, type RelationTupleRow } from '../tables.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { currentRevision, insertChanges, nextRevision } from './store.ts'

declare module '../../kernel/notify.ts' {
  interface Topics {
    /** The newest revision of a project's relationships. */
    permission: { project: string; revision: number }
  }
}

export type TupleRow = Omit<RelationTupleRow, 'id'>

/** A tuple that was inserted or deleted. */
export interface RecordedChange {
  action: 'insert' | 'delete'
  tuple: TupleRow
}

/** The maximum number of changes in one row of the record. */
export const partSize = 1000

/** What serializing or storing a change takes, in steps of a search. */
const stepsPerChange = 1 / 2

const recordedColumns = [...namingColumns, 'condition'] as const

/** The changes of one row of the record, serialized. */
export interface RecordedPart {
  readonly count: number
  readonly changes: string
}

/**
 * Records the changes of a transaction. Must come last in it, as other writers block from then on.
 * Returns the project's revision after it.
 */
export async function recordChanges(ctx: Context, changes: readonly RecordedChange[]): Promise<number> {
  return recordParts(ctx, await partsOf(changes))
}

/** Like `recordChanges`, for changes that were serialized in batches because there are too many to hold in memory. */
export async function recordParts(ctx: Context, parts: readonly RecordedPart[]): Promise<number> {
  if (parts.length === 0) return currentRevision(ctx)
  const revision = await nextRevision(ctx)
  const changedAt = ctx.clock.now()
  for (const [part, { count, changes }] of parts.entries()) {
    await insertChanges(ctx, { revision, part, count, changes, changed_at: changedAt })
    if (isTurnOver(stepsPerChange * count)) await nextTurn()
  }
  ctx.afterCommit(() => ctx.notifier.publish('permission', { project: ctx.project.id, revision }))
  return revision
}

/** Serializes changes. Others have their turn between the parts. */
export async function partsOf(changes: readonly RecordedChange[]): Promise<RecordedPart[]> {
  const parts: RecordedPart[] = []
  for (let at = 0; at < changes.length; at += partSize) {
    const some = changes.slice(at, at + partSize)
    const entries = some.map(({ action, tuple }) => [action, ...recordedColumns.map((column) => tuple[column])])
    parts.push({ count: some.length, changes: JSON.stringify(entries) })
    if (isTurnOver(stepsPerChange * some.length)) await nextTurn()
  }
  return parts
}

/** The changes in a row of the record. */
export function parseChanges(json: string): RecordedChange[] {
  const entries = JSON.parse(json) as [RecordedChange['action'], ...string[]][]
  return entries.map(([action, ...values]) => ({
    action,
    tuple: Object.fromEntries(recordedColumns.map((column, i) => [column, values[i]])) as unknown as TupleRow,
  }))
}

import { record } from '../../event/index.ts'
import type { Context } from '../../kernel/context.ts'
import { partsOf, type RecordedChange, type RecordedPart, recordChanges, recordParts } from '../changes/record.ts'
import { requireIdentities } from '../identities/require.ts'
import { requireNamespace } from '../namespaces.ts'
import type { RelationTupleRow } from '../tables.ts'
import { countSteps, isTurnOver, nextTurn } from '../turn.ts'
import { recordShapes } from './shapes.ts'
import { deleteTuples, insertTuples, someTuples, type TupleFilter } from './store.ts'
import { type RelationTuple, subjectColumns } from './subject.ts'

export interface TupleChange {
  action: 'insert' | 'delete'
  tuple: RelationTuple
}

/** The maximum number of tuples per delete statement. */
const deleteBatchSize = 1000
/** The maximum number of tuples that a synchronous statement inserts or deletes. */
const maxRowsAtOnce = 500
/** What writing a row takes, in steps of a search. */
const stepsPerRow = 3

/**
 * Inserts and deletes tuples, all or nothing; insertions come first, as with Keto. There may be several copies of a
 * tuple; a deletion removes all of them. Returns the revision after it.
 * @throws ApiError 404 if a namespace is not in the model; 400 if a subject must be an identity but is not.
 */
export async function changeTuples(ctx: Context, changes: readonly TupleChange[]): Promise<number> {
  for (const { tuple } of changes) requireNamespaces(ctx, tuple)
  const inserted = changes.filter(({ action }) => action === 'insert').map(({ tuple }) => tuple)
  const deleted = changes.filter(({ action }) => action === 'delete').map(({ tuple }) => tuple)
  // Each pass over the changes above and below takes little for each of them.
  if (isTurnOver(changes.length / 2)) await nextTurn()
  return ctx.transaction(async (tx) => {
    await requireIdentities(tx, inserted)
    const first = copyNumber(tx)
    const rows = inserted.map((tuple, i) => ({ ...columnsOf(tuple), id: first + i, condition: conditionOf(tuple) }))
    await insertInTurns(tx, rows)
    await recordShapes(tx, rows)
    const gone = await deleteInTurns(tx, deleted.map(columnsOf))
    await recordEvent(tx, { inserted: rows.length > 0, deleted: gone.length > 0 })
    return recordChanges(tx, [...changesOf('insert', rows), ...changesOf('delete', withoutCopies(gone))])
  })
}

/** Deletes all tuples that match a filter. Returns the revision after it. */
export async function removeTuples(ctx: Context, filter: TupleFilter): Promise<number> {
  requireFilterNamespaces(ctx, filter)
  return removeMatching(ctx, [filter])
}

/** Deletes all tuples that match any of the filters. Returns the revision after it. */
export async function removeMatching(ctx: Context, filters: readonly TupleFilter[]): Promise<number> {
  return ctx.transaction(async (tx) => {
    const parts: RecordedPart[] = []
    for (const filter of filters) {
      for (let some = await matchingTuples(tx, filter); some.length > 0; some = await matchingTuples(tx, filter)) {
        const gone = await deleteTuples(tx, some)
        countSteps(stepsPerRow * gone.length)
        parts.push(...(await partsOf(changesOf('delete', withoutCopies(gone)))))
      }
    }
    await recordEvent(tx, { inserted: false, deleted: parts.length > 0 })
    return recordParts(tx, parts)
  })
}

/** Where statements are synchronous, other requests have their turn between some. */
async function insertInTurns(tx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  const most = tx.capabilities.inProcess ? maxRowsAtOnce : rows.length
  for (let at = 0; at < rows.length; at += most) {
    const some = rows.slice(at, at + most)
    await insertTuples(tx, some)
    if (isTurnOver(stepsPerRow * some.length)) await nextTurn()
  }
}

/** The deleted rows. */
async function deleteInTurns(tx: Context, tuples: readonly TupleNames[]): Promise<RelationTupleRow[]> {
  const most = tx.capabilities.inProcess ? maxRowsAtOnce : tuples.length
  const gone: RelationTupleRow[] = []
  for (let at = 0; at < tuples.length; at += most) {
    const some = tuples.slice(at, at + most)
    gone.push(...(await deleteTuples(tx, some)))
    if (isTurnOver(stepsPerRow * some.length)) await nextTurn()
  }
  return gone
}

async function recordEvent(tx: Context, { inserted, deleted }: { inserted: boolean; deleted: boolean }): Promise<void> {
  if (inserted) await record(tx, deleted ? 'RelationtuplesChanged' : 'RelationtuplesCreated', {})
  else if (deleted) await record(tx, 'RelationtuplesDeleted', {})
}

function matchingTuples(ctx: Context, filter: TupleFilter): Promise<RelationTupleRow[]> {
  return someTuples(ctx, filter, deleteBatchSize)
}

function changesOf(action: 'insert' | 'delete', rows: readonly RelationTupleRow[]): RecordedChange[] {
  return rows.map((tuple) => ({ action, tuple }))
}

function withoutCopies(rows: readonly RelationTupleRow[]): RelationTupleRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify({ ...row, id: 0 }), row])).values()]
}

/** @throws ApiError 404 if a filter names a namespace that is not in the model. */
export function requireFilterNamespaces(ctx: Context, { namespace, subject_namespace: of }: TupleFilter): void {
  if (namespace !== undefined) requireNamespace(ctx, namespace)
  if (of) requireNamespace(ctx, of)
}

/** @throws ApiError 404 if a tuple names a namespace that is not in the model. */
export function requireNamespaces(ctx: Context, { namespace, subject_set: set }: RelationTuple): void {
  requireNamespace(ctx, namespace)
  if (set) requireNamespace(ctx, set.namespace)
}

type TupleNames = Omit<RelationTupleRow, 'id' | 'condition'>

function columnsOf(tuple: RelationTuple): TupleNames {
  const { namespace, object, relation } = tuple
  return { namespace, object, relation, ...subjectColumns(tuple) }
}

/** In the form of `parseCondition`, which has validated the condition before. */
function conditionOf({ condition }: RelationTuple): string {
  return condition ? JSON.stringify(condition) : ''
}

/** Distinguishes copies of one tuple: 48 random bits, so that two of them never collide. */
function copyNumber(ctx: Context): number {
  return ctx.random.bytes(6).readUIntBE(0, 6)
}

import type { Context } from '../../kernel/context.ts'
import { requireNamespace } from '../namespaces.ts'
import { noteKinds } from './kinds.ts'
import { deleteTuples, insertTuples, type TupleFilter } from './store.ts'
import { type RelationTuple, subjectColumns } from './subject.ts'

export interface TupleChange {
  action: 'insert' | 'delete'
  tuple: RelationTuple
}

/**
 * Inserts and deletes, all or nothing; insertions come first, as with Keto. A tuple may be there several times;
 * deleting it takes all copies.
 * @throws ApiError 404 where a namespace is not in the model.
 */
export async function changeTuples(ctx: Context, changes: readonly TupleChange[]): Promise<void> {
  for (const { tuple } of changes) requireNamespaces(ctx, tuple)
  const inserted = changes.filter(({ action }) => action === 'insert').map(({ tuple }) => tuple)
  const deleted = changes.filter(({ action }) => action === 'delete').map(({ tuple }) => tuple)
  if (changes.length === 0) return
  await ctx.transaction(async (tx) => {
    const first = copyNumber(tx)
    const rows = inserted.map((tuple, i) => ({ ...columnsOf(tuple), id: first + i }))
    await insertTuples(tx, rows)
    await noteKinds(tx, rows)
    for (const tuple of deleted) await deleteTuples(tx, columnsOf(tuple))
  })
}

/** Deletes all tuples that a filter means. */
export async function removeTuples(ctx: Context, filter: TupleFilter): Promise<void> {
  requireKnown(ctx, filter)
  await deleteTuples(ctx, filter)
}

/** @throws ApiError 404 where a filter names a namespace that is not in the model. */
export function requireKnown(ctx: Context, { namespace, subject_namespace: of }: TupleFilter): void {
  if (namespace !== undefined) requireNamespace(ctx, namespace)
  if (of) requireNamespace(ctx, of)
}

/** @throws ApiError 404 where a tuple names a namespace that is not in the model. */
export function requireNamespaces(ctx: Context, { namespace, subject_set: set }: RelationTuple): void {
  requireNamespace(ctx, namespace)
  if (set) requireNamespace(ctx, set.namespace)
}

function columnsOf(tuple: RelationTuple) {
  const { namespace, object, relation } = tuple
  return { namespace, object, relation, ...subjectColumns(tuple) }
}

/** Tells copies of one tuple apart: 48 bits, so that two of them never meet. */
function copyNumber(ctx: Context): number {
  return ctx.random.bytes(6).readUIntBE(0, 6)
}

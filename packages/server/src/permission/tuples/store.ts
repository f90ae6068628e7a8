import { afterKey, eachOf, inEachOf, itemNumber, itemText, perDialect, preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { namingColumns, type RelationTupleRow, type RelationTupleShapeRow, tupleColumns } from '../tables.ts'
import { listingOrder } from './order.ts'
import type { SubjectColumns } from './subject.ts'

/** Columns that are undefined match anything. */
export interface TupleFilter extends Partial<SubjectColumns> {
  namespace?: string
  object?: string
  relation?: string
}

/** The position of a tuple in an order: its values of the columns that are ordered by. */
export type TupleKey = readonly (string | number)[]

/** Tuples in their order, after a key. */
export async function listTuples(
  ctx: Context,
  filter: TupleFilter,
  page: { size: number; after?: TupleKey },
): Promise<RelationTupleRow[]> {
  const { size, after } = page
  let query = selectMatching(ctx, filter)
  const order = listingOrder(filter)
  if (after) query = query.where(afterKey(order, after))
  for (const column of order) query = query.orderBy(column)
  return query.limit(size).execute()
}

/** Unordered, as with ORDER BY SQLite would not use the subject index. */
export async function someTuples(ctx: Context, filter: TupleFilter, size: number): Promise<RelationTupleRow[]> {
  return selectMatching(ctx, filter).limit(size).execute()
}

function selectMatching(ctx: Context, filter: TupleFilter) {
  let query = ctx.db.selectFrom('relation_tuples').select(tupleColumns)
  for (const [column, value] of Object.entries(filter)) query = query.where(column as keyof TupleFilter, '=', value)
  return query
}

const insert = perDialect((capabilities) =>
  preparedStatement<{ rows: string }, never>((db, p) =>
    db
      .insertInto('relation_tuples')
      .columns(tupleColumns)
      .expression(
        db.selectFrom(eachOf(capabilities, p.rows, 'row')).select((eb) => {
          const item = eb.ref('row.item')
          return tupleColumns.map((column, i) =>
            column === 'id' ? itemNumber(item, i).as(column) : itemText(item, i).as(column),
          )
        }),
      ),
  ),
)

/** Inserts any number of tuples with one prepared statement. */
export async function insertTuples(ctx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => tupleColumns.map((column) => row[column]))
  await insert(ctx.capabilities)(ctx.db, { rows: JSON.stringify(values) })
}

/** Records tuple shapes; an existing shape becomes conditional if the new one is. */
export async function insertShapes(ctx: Context, shapes: readonly RelationTupleShapeRow[]): Promise<void> {
  const plain = shapes.filter(({ conditional }) => conditional === 0)
  const conditional = shapes.filter(({ conditional }) => conditional !== 0)
  const insertion = ctx.db.insertInto('relation_tuple_kinds')
  if (plain.length > 0)
    await insertion
      .values(plain)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  if (conditional.length === 0) return
  await insertion
    .values(conditional)
    .onConflict((conflict) => conflict.columns(shapeColumns).doUpdateSet({ conditional: 1 }))
    .execute()
}

const shapeColumns = ['namespace', 'relation', 'subject_namespace', 'subject_relation'] as const

const allShapes = preparedStatement<Record<string, never>, RelationTupleShapeRow>((db) =>
  db
    .selectFrom('relation_tuple_kinds')
    .select([...shapeColumns, 'conditional'])
    .orderBy('namespace')
    .orderBy('relation'),
)

export async function listShapes(ctx: Context): Promise<RelationTupleShapeRow[]> {
  return allShapes(ctx.db, {})
}

/** Inserts the rows that do not exist yet; returns them. */
export async function insertNewTuples(ctx: Context, rows: readonly RelationTupleRow[]): Promise<RelationTupleRow[]> {
  return ctx.db
    .insertInto('relation_tuples')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .returning(tupleColumns)
    .execute()
}

const deletion = perDialect((capabilities) =>
  preparedStatement<{ tuples: string }, RelationTupleRow>((db, p) =>
    db
      .deleteFrom('relation_tuples')
      .where(inEachOf(capabilities, namingColumns, p.tuples))
      .returning(tupleColumns),
  ),
)

/** Deletes all copies of these tuples; returns them. */
export async function deleteTuples(
  ctx: Context,
  tuples: readonly Omit<RelationTupleRow, 'id' | 'condition'>[],
): Promise<RelationTupleRow[]> {
  if (tuples.length === 0) return []
  const names = tuples.map((tuple) => namingColumns.map((column) => tuple[column]))
  return deletion(ctx.capabilities)(ctx.db, { tuples: JSON.stringify(names) })
}

import { afterKey, preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { RelationTupleChangesRow } from '../tables.ts'

const next = preparedStatement<{ one: number }, { revision: number }>((db, p) =>
  db
    .insertInto('relation_tuple_revisions')
    .values({ revision: p.one })
    .onConflict((conflict) =>
      conflict.columns([]).doUpdateSet((eb) => ({ revision: eb('relation_tuple_revisions.revision', '+', eb.lit(1)) })),
    )
    .returning('revision'),
)

/** Increments the revision. Other writers wait until the transaction ends, so it comes last in a transaction. */
export async function nextRevision(ctx: Context): Promise<number> {
  const [row] = await next(ctx.db, { one: 1 })
  if (!row) throw new Error('a revision was not counted')
  return row.revision
}

const current = preparedStatement<Record<string, never>, { revision: number }>((db) =>
  db.selectFrom('relation_tuple_revisions').select('revision'),
)

/** The newest revision; 0 if nothing has been changed yet. */
export async function currentRevision(ctx: Context): Promise<number> {
  const [row] = await current(ctx.db, {})
  return row?.revision ?? 0
}

export async function insertChanges(ctx: Context, row: RelationTupleChangesRow): Promise<void> {
  await ctx.db.insertInto('relation_tuple_changes').values(row).execute()
}

const placeColumns = ['revision', 'part'] as const

const after = preparedStatement<
  { revision: number; part: number; most: number; rows: number },
  RelationTupleChangesRow
>((db, p) =>
  db
    .selectFrom('relation_tuple_changes')
    .select(['revision', 'part', 'count', 'changes', 'changed_at'])
    .where(afterKey(placeColumns, [p.revision, p.part]))
    .where('count', '<=', p.most)
    .orderBy('revision')
    .orderBy('part')
    .limit(p.rows),
)

/** Rows of changes after a part of a revision, in order, without parts of more than `most` changes. */
export async function changesAfter(
  ctx: Context,
  place: { revision: number; part: number },
  limit: { most: number; rows: number },
): Promise<RelationTupleChangesRow[]> {
  return after(ctx.db, { ...place, ...limit })
}

/** A part of a revision, with the number of its changes. */
export type Part = Pick<RelationTupleChangesRow, 'revision' | 'part' | 'count'>

const parts = preparedStatement<{ revision: number; part: number; rows: number }, Part>((db, p) =>
  db
    .selectFrom('relation_tuple_changes')
    .select(['revision', 'part', 'count'])
    .where(afterKey(placeColumns, [p.revision, p.part]))
    .orderBy('revision')
    .orderBy('part')
    .limit(p.rows),
)

/** The first parts after one of a revision, in order. */
export async function partsAfter(
  ctx: Context,
  place: { revision: number; part: number },
  rows: number,
): Promise<Part[]> {
  return parts(ctx.db, { revision: place.revision, part: place.part, rows })
}

/** The oldest part in the record; undefined if it is empty. */
export async function oldestPart(ctx: Context): Promise<Part | undefined> {
  const [part] = await partsAfter(ctx, { revision: 0, part: -1 }, 1)
  return part
}

/**
 * Removes up to `limit` parts older than a time; returns how many. Only a prefix of the record is removed, so that no
 * gap appears even if the clocks of two machines differ.
 */
export async function removeOldChanges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const oldest = await ctx.db
    .selectFrom('relation_tuple_changes')
    .select(['revision', 'part', 'changed_at'])
    .orderBy('revision')
    .orderBy('part')
    .limit(limit)
    .execute()
  const kept = oldest.findIndex(({ changed_at }) => changed_at >= before)
  const last = oldest[(kept === -1 ? oldest.length : kept) - 1]
  if (!last) return 0
  const { numDeletedRows } = await ctx.db
    .deleteFrom('relation_tuple_changes')
    .where((eb) =>
      eb.or([
        eb('revision', '<', last.revision),
        eb.and([eb('revision', '=', last.revision), eb('part', '<=', last.part)]),
      ]),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

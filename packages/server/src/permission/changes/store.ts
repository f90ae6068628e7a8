import { prepared } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { RelationTupleChangesRow } from '../tables.ts'

const next = prepared<{ one: number }, { revision: number }>((db, p) =>
  db
    .insertInto('relation_tuple_revisions')
    .values({ revision: p.one })
    .onConflict((conflict) =>
      conflict.columns([]).doUpdateSet((eb) => ({ revision: eb('relation_tuple_revisions.revision', '+', eb.lit(1)) })),
    )
    .returning('revision'),
)

/** Counts one more revision. Until the transaction ends nobody else does, so it comes last in a transaction. */
export async function nextRevision(ctx: Context): Promise<number> {
  const [row] = await next(ctx.db, { one: 1 })
  if (!row) throw new Error('a revision was not counted')
  return row.revision
}

const current = prepared<Record<string, never>, { revision: number }>((db) =>
  db.selectFrom('relation_tuple_revisions').select('revision'),
)

/** How often the project's tuples were changed; 0 where they never were. */
export async function currentRevision(ctx: Context): Promise<number> {
  const [row] = await current(ctx.db, {})
  return row?.revision ?? 0
}

export async function insertChanges(ctx: Context, row: RelationTupleChangesRow): Promise<void> {
  await ctx.db.insertInto('relation_tuple_changes').values(row).execute()
}

const after = prepared<{ revision: number; part: number; most: number; rows: number }, RelationTupleChangesRow>(
  (db, p) =>
    db
      .selectFrom('relation_tuple_changes')
      .select(['revision', 'part', 'count', 'changes', 'changed_at'])
      .where((eb) =>
        eb.or([eb('revision', '>', p.revision), eb.and([eb('revision', '=', p.revision), eb('part', '>', p.part)])]),
      )
      .where('count', '<=', p.most)
      .orderBy('revision')
      .orderBy('part')
      .limit(p.rows),
)

/** What changed after a part of a revision, in order, but for parts with more than `most` changes; so many rows. */
export async function changesAfter(
  ctx: Context,
  place: { revision: number; part: number },
  limit: { most: number; rows: number },
): Promise<RelationTupleChangesRow[]> {
  return after(ctx.db, { ...place, ...limit })
}

/** The first revision after which every change is still known; undefined where none is. */
export async function oldestRevision(ctx: Context): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('relation_tuple_changes')
    .select('revision')
    .orderBy('revision')
    .limit(1)
    .executeTakeFirst()
  return row?.revision
}

/** Removes so many of the changes that were made before a time; tells how many it removed. */
export async function removeOldChanges(ctx: Context, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await ctx.db
    .deleteFrom('relation_tuple_changes')
    .where((eb) =>
      eb(
        eb.refTuple('revision', 'part'),
        'in',
        eb
          .selectFrom('relation_tuple_changes')
          .select(['revision', 'part'])
          .where('changed_at', '<', before)
          .orderBy('revision')
          .orderBy('part')
          .limit(limit)
          .$asTuple('revision', 'part'),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

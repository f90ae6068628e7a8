import { afterKey, eachOf, itemNumber, itemText, perDialect, prepared } from '../../db/index.ts'
import type { Capabilities, Context, ProjectDatabase } from '../../kernel/context.ts'
import { type RelationTupleKindRow, type RelationTupleRow, tupleColumns } from '../tables.ts'
import type { SubjectColumns } from './subject.ts'

/** Which tuples are meant; what is undefined may be anything. */
export interface TupleFilter extends Partial<SubjectColumns> {
  namespace?: string
  object?: string
  relation?: string
}

/** A tuple's place in the order of the table, which is that of its columns. */
export type TupleKey = readonly (string | number)[]

/** Tuples in the order of their columns, from after a key on. */
export async function listTuples(
  ctx: Context,
  filter: TupleFilter,
  page: { size: number; after?: TupleKey },
): Promise<RelationTupleRow[]> {
  const { size, after } = page
  let query = ctx.db.selectFrom('relation_tuples').select(tupleColumns)
  for (const [column, value] of Object.entries(filter)) query = query.where(column as keyof TupleFilter, '=', value)
  if (after) query = query.where(afterKey(tupleColumns, after))
  for (const column of tupleColumns) query = query.orderBy(column)
  return query.limit(size).execute()
}

const insert = perDialect((capabilities) =>
  prepared<{ rows: string }, never>((db, p) =>
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

/** Inserts any number of tuples with one statement, which stays the same and is prepared once. */
export async function insertTuples(ctx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => tupleColumns.map((column) => row[column]))
  await insert(ctx.capabilities)(ctx.db, { rows: JSON.stringify(values) })
}

/** Notes kinds of tuples; those that are known stay. */
export async function insertKinds(ctx: Context, kinds: readonly RelationTupleKindRow[]): Promise<void> {
  if (kinds.length === 0) return
  await ctx.db
    .insertInto('relation_tuple_kinds')
    .values([...kinds])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const allKinds = prepared<Record<string, never>, RelationTupleKindRow>((db) =>
  db
    .selectFrom('relation_tuple_kinds')
    .select(['namespace', 'relation', 'subject_namespace', 'subject_relation'])
    .orderBy('namespace')
    .orderBy('relation'),
)

export async function listKinds(ctx: Context): Promise<RelationTupleKindRow[]> {
  return allKinds(ctx.db, {})
}

/** A set that a subject is in, and over how many steps. */
export interface SetAbove {
  level: number
  namespace: string
  object: string
  relation: string
}

const above = perDialect((capabilities) =>
  prepared<SubjectColumns & { wanted: string; levels: number; most: number }, SetAbove>((db, p) =>
    db
      .withRecursive('found_sets(level, namespace, object, relation)', (with_) => {
        const first = with_
          .selectFrom(eachOf(capabilities, p.wanted, 'wanted'))
          .crossJoin('relation_tuples as t')
          .where('t.subject_namespace', '=', p.subject_namespace)
          .where('t.subject_object', '=', p.subject_object)
          .where('t.subject_relation', '=', p.subject_relation)
          .where((eb) => eb('t.namespace', '=', itemText(eb.ref('wanted.item'), 0)))
          .where((eb) => eb('t.relation', '=', itemText(eb.ref('wanted.item'), 1)))
          .select((eb) => [eb.lit(1).as('level'), 't.namespace', 't.object', 't.relation'])
        const next = with_
          .selectFrom('found_sets as s')
          .crossJoin(eachOf(capabilities, p.wanted, 'wanted'))
          .crossJoin('relation_tuples as t')
          .where('s.level', '<', p.levels)
          .whereRef('t.subject_namespace', '=', 's.namespace')
          .whereRef('t.subject_object', '=', 's.object')
          .whereRef('t.subject_relation', '=', 's.relation')
          .where((eb) => eb('t.namespace', '=', itemText(eb.ref('wanted.item'), 0)))
          .where((eb) => eb('t.relation', '=', itemText(eb.ref('wanted.item'), 1)))
          .select((eb) => [eb('s.level', '+', eb.lit(1)).as('level'), 't.namespace', 't.object', 't.relation'])
        return first.union(next)
      })
      .selectFrom('found_sets')
      .select(['level', 'namespace', 'object', 'relation'])
      .limit(p.most),
  ),
)

/**
 * The sets of the wanted kinds that a subject is in, those that these are in, and so on over so many levels, the
 * nearest first; a set that is reached over several ways stands there for each number of steps. At most `most`.
 */
export async function setsAbove(
  ctx: Context,
  subject: SubjectColumns,
  wanted: readonly (readonly [namespace: string, relation: string])[],
  limit: { levels: number; most: number },
): Promise<SetAbove[]> {
  const { subject_namespace, subject_object, subject_relation } = subject
  return above(ctx.capabilities)(ctx.db, {
    subject_namespace,
    subject_object,
    subject_relation,
    wanted: JSON.stringify(wanted),
    ...limit,
  })
}

/** Writes those rows that are not there yet, and tells how many. */
export async function insertNewTuples(ctx: Context, rows: readonly RelationTupleRow[]): Promise<number> {
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('relation_tuples')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

export async function deleteTuples(ctx: Context, filter: TupleFilter): Promise<void> {
  let query = ctx.db.deleteFrom('relation_tuples')
  for (const [column, value] of Object.entries(filter)) query = query.where(column as keyof TupleFilter, '=', value)
  await query.execute()
}

/** A relation of an object. */
export type ObjectRelation = readonly [namespace: string, object: string, relation: string]

/** An answer to one of several questions, by its place among them. Without a subject the answer is yes. */
export interface Found extends SubjectColumns {
  question: number
}

/** The subjects that have these relations themselves, in the order of the questions and then of the subjects. */
export async function membersOf(ctx: Context, sets: readonly ObjectRelation[], most: number): Promise<Found[]> {
  return asked(ctx.db, ctx.capabilities, JSON.stringify(sets))
    .select(['asked.position as question', 't.subject_namespace', 't.subject_object', 't.subject_relation'])
    .orderBy('asked.position')
    .orderBy('t.subject_namespace')
    .orderBy('t.subject_object')
    .orderBy('t.subject_relation')
    .limit(most)
    .execute()
}

/**
 * Asks of any number of relations at once which subject sets have them, and whether this subject has them itself;
 * `direct` answers have the empty subject. At most `most` subject sets are read.
 */
export async function askTuples(
  ctx: Context,
  questions: { sets: readonly ObjectRelation[]; direct: readonly ObjectRelation[]; subject: SubjectColumns },
  most: number,
): Promise<Found[]> {
  const { sets, direct, subject } = questions
  const [only] = sets
  // The first round of most checks asks about one relation, which needs no list.
  if (only && sets.length === 1 && direct.length === 1 && direct[0] === only) {
    const [namespace, object, relation] = only
    const { subject_namespace, subject_object, subject_relation } = subject
    return askOne(ctx.db, { namespace, object, relation, subject_namespace, subject_object, subject_relation, most })
  }
  return ask(ctx.capabilities)(ctx.db, {
    sets: JSON.stringify(questions.sets),
    direct: JSON.stringify(questions.direct),
    ...questions.subject,
    most,
  })
}

interface Parameters extends SubjectColumns, Record<string, unknown> {
  sets: string
  direct: string
  most: number
}

const askOne = prepared<Omit<RelationTupleRow, 'id'> & { most: number } & Record<string, unknown>, Found>((db, p) => {
  const own = db
    .selectFrom('relation_tuples')
    .where('namespace', '=', p.namespace)
    .where('object', '=', p.object)
    .where('relation', '=', p.relation)
  const direct = own
    .where('subject_namespace', '=', p.subject_namespace)
    .where('subject_object', '=', p.subject_object)
    .where('subject_relation', '=', p.subject_relation)
    .select((eb) => [
      eb.lit(0).as('question'),
      eb.val('').as('subject_namespace'),
      eb.val('').as('subject_object'),
      eb.val('').as('subject_relation'),
    ])
  const sets = own
    .where('subject_namespace', '>', '')
    .select((eb) => [eb.lit(0).as('question'), 'subject_namespace', 'subject_object', 'subject_relation'])
    .limit(p.most)
  return direct.unionAll(db.selectFrom(sets.as('sets')).selectAll())
})

const ask = perDialect((capabilities) =>
  prepared<Parameters, Found>((db, p) => {
    const direct = asked(db, capabilities, p.direct)
      .where('t.subject_namespace', '=', p.subject_namespace)
      .where('t.subject_object', '=', p.subject_object)
      .where('t.subject_relation', '=', p.subject_relation)
      .select((eb) => [
        'asked.position as question',
        eb.val('').as('subject_namespace'),
        eb.val('').as('subject_object'),
        eb.val('').as('subject_relation'),
      ])
    const sets = asked(db, capabilities, p.sets)
      .where('t.subject_namespace', '>', '')
      .select(['asked.position as question', 't.subject_namespace', 't.subject_object', 't.subject_relation'])
      .limit(p.most)
    return direct.unionAll(db.selectFrom(sets.as('sets')).selectAll())
  }),
)

/**
 * The tuples of some relations, given as JSON, each with the place of its question. The join is a cross join because
 * SQLite keeps the order of one: the few questions look into the many tuples, never the other way round.
 */
function asked(db: ProjectDatabase, capabilities: Capabilities, list: string) {
  return db
    .selectFrom(eachOf(capabilities, list, 'asked'))
    .crossJoin('relation_tuples as t')
    .where((eb) => eb('t.namespace', '=', itemText(eb.ref('asked.item'), 0)))
    .where((eb) => eb('t.object', '=', itemText(eb.ref('asked.item'), 1)))
    .where((eb) => eb('t.relation', '=', itemText(eb.ref('asked.item'), 2)))
}

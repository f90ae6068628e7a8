import { afterKey, eachOf, itemText, prepared } from '../../db/index.ts'
import type { Capabilities, Context, ProjectDatabase } from '../../kernel/context.ts'
import { tupleColumns as columns, type RelationTupleRow } from '../tables.ts'
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
  let query = ctx.db.selectFrom('relation_tuples').select(columns)
  for (const [column, value] of Object.entries(filter)) query = query.where(column as keyof TupleFilter, '=', value)
  if (after) query = query.where(afterKey(columns, after))
  for (const column of columns) query = query.orderBy(column)
  return query.limit(size).execute()
}

/** So many rows go into one statement; each database bounds the parameters of one. */
const rowsAtOnce = 1000

export async function insertTuples(ctx: Context, rows: readonly RelationTupleRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await ctx.db
      .insertInto('relation_tuples')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  }
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

const statements = new Map<Capabilities['dialect'], ReturnType<typeof buildStatement>>()

/**
 * Asks of any number of relations at once which subject sets have them, and whether this subject has them itself;
 * `direct` answers have the empty subject. At most `most` rows are read.
 */
export async function askTuples(
  ctx: Context,
  questions: { sets: readonly ObjectRelation[]; direct: readonly ObjectRelation[]; subject: SubjectColumns },
  most: number,
): Promise<Found[]> {
  const { dialect } = ctx.capabilities
  const statement = statements.get(dialect) ?? buildStatement(ctx.capabilities)
  statements.set(dialect, statement)
  return statement(ctx.db, {
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

function buildStatement(capabilities: Capabilities) {
  return prepared<Parameters, Found>((db, p) => {
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
    return direct
      .unionAll(
        asked(db, capabilities, p.sets)
          .where('t.subject_namespace', '>', '')
          .select(['asked.position as question', 't.subject_namespace', 't.subject_object', 't.subject_relation']),
      )
      .limit(p.most)
  })
}

/** The tuples of some relations, given as JSON, each with the place of its question. */
function asked(db: ProjectDatabase, capabilities: Capabilities, list: string) {
  return db.selectFrom(eachOf(capabilities, list, 'asked')).innerJoin('relation_tuples as t', (join) =>
    join
      .on((eb) => eb('t.namespace', '=', itemText(eb.ref('asked.item'), 0)))
      .on((eb) => eb('t.object', '=', itemText(eb.ref('asked.item'), 1)))
      .on((eb) => eb('t.relation', '=', itemText(eb.ref('asked.item'), 2))),
  )
}

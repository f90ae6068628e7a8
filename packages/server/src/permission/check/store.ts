import { eachOf, entryText, type Looked, lookUp, perDialect, prepared } from '../../db/index.ts'
import type { Capabilities, Context, ProjectDatabase } from '../../kernel/context.ts'
import { namingColumns, type RelationTupleRow, tupleColumns } from '../tables.ts'
import type { SubjectColumns } from '../tuples/subject.ts'

/** A relation of an object. */
export type ObjectRelation = readonly [namespace: string, object: string, relation: string]

/** A subject that has a relation, by the place of the question among several. */
export interface Found extends SubjectColumns {
  question: number
  condition: string
}

/** What was found, and the project's revision at which it was. */
export interface Asked<Row> {
  rows: Row[]
  revision: number
}

/** Stands where the place of a question stands, in the row that tells the revision. */
const ofRevision = -1

/** The subjects that have these relations themselves, in the order of the questions and then of the subjects. */
export async function membersOf(ctx: Context, sets: readonly ObjectRelation[], most: number): Promise<Found[]> {
  return tuplesOf(ctx.db, ctx.capabilities, JSON.stringify(sets))
    .select(['asked.position as question', ...subjectOfTuple, 't.condition'])
    .orderBy('asked.position')
    .orderBy('t.subject_namespace')
    .orderBy('t.subject_object')
    .orderBy('t.subject_relation')
    .limit(most)
    .execute()
}

/**
 * Asks of any number of relations at once which subject sets have them, and whether this subject has them itself:
 * then the answer has the empty subject. At most `most` subject sets are read.
 */
export async function askTuples(
  ctx: Context,
  questions: { sets: readonly ObjectRelation[]; direct: readonly ObjectRelation[]; subject: SubjectColumns },
  most: number,
): Promise<Asked<Found>> {
  const { sets, direct, subject } = questions
  const { subject_namespace, subject_object, subject_relation } = subject
  const of = { subject_namespace, subject_object, subject_relation }
  const [only] = direct
  // Most checks ask about one relation, which needs no list.
  if (only && direct.length === 1 && sets.length === 1 && sets[0] === only) {
    const [namespace, object, relation] = only
    return apart(await askOne(ctx.db, { namespace, object, relation, ...of, most }))
  }
  const lists = { sets: JSON.stringify(sets), direct: JSON.stringify(direct) }
  return apart(await ask(ctx.capabilities)(ctx.db, { ...lists, ...of, most }))
}

function apart(all: Found[]): Asked<Found> {
  const rows = all.filter(({ question }) => question !== ofRevision)
  return { rows, revision: Number(all.find(({ question }) => question === ofRevision)?.subject_object ?? 0) }
}

type One = Omit<RelationTupleRow, 'id' | 'condition'> & Record<string, unknown>

const subjectOfTuple = ['t.subject_namespace', 't.subject_object', 't.subject_relation'] as const

const own = prepared<One, { revision: number | null; condition: string | null }>((db, p) =>
  db.selectNoFrom((eb) => [
    eb.selectFrom('relation_tuple_revisions').select('revision').as('revision'),
    ownTuples(db, p)
      .where('t.subject_namespace', '=', p.subject_namespace)
      .where('t.subject_object', '=', p.subject_object)
      .where('t.subject_relation', '=', p.subject_relation)
      .select((of) => of.fn.min<string | null>('t.condition').as('condition'))
      .as('condition'),
  ]),
)

/**
 * Whether this subject has a relation itself, in as little as that takes: the condition under which it has, empty where
 * it always does, undefined where it does not. There may be more conditions unless it is empty.
 */
export async function askDirect(
  ctx: Context,
  tuple: Own,
): Promise<{ condition: string | undefined; revision: number }> {
  const [namespace, object, relation, subject_namespace, subject_object, subject_relation] = tuple
  const subject = { subject_namespace, subject_object, subject_relation }
  const [row] = await own(ctx.db, { namespace, object, relation, ...subject })
  return { condition: row?.condition ?? undefined, revision: row?.revision ?? 0 }
}

/** A tuple that may be there, in the order of its columns. */
export type Own = readonly [...relation: ObjectRelation, ...subject: readonly [string, string, string]]

const ownOf = perDialect((capabilities) =>
  prepared<{ list: string }, { question: number; told: string }>((db, p) =>
    lookUp(db.selectFrom(eachOf(capabilities, p.list, 'asked')), capabilities, {
      table: 'relation_tuples',
      columns: tupleColumns,
      where: namingColumns.map((column, i) => [column, '=', entryText('asked', i)] as const),
    })
      .select(['asked.position as question', 't.condition as told'])
      .unionAll(
        db
          .selectFrom('relation_tuple_revisions')
          .select((eb) => [eb.lit<number>(ofRevision).as('question'), eb.cast<string>('revision', 'text').as('told')]),
      ),
  ),
)

/** The same of many, at one revision, in their order; of several conditions the empty one, if it is among them. */
export async function askAllDirect(
  ctx: Context,
  tuples: readonly Own[],
): Promise<{ condition: string | undefined; revision: number }[]> {
  const rows = await ownOf(ctx.capabilities)(ctx.db, { list: JSON.stringify(tuples) })
  const revision = Number(rows.find(({ question }) => question === ofRevision)?.told ?? 0)
  const conditions = new Map<number, string>()
  for (const { question, told } of rows) if (conditions.get(question) !== '') conditions.set(question, told)
  return tuples.map((_, i) => ({ condition: conditions.get(i), revision }))
}

const askOne = prepared<One & { most: number }, Found>((db, p) => {
  const sets = ownTuples(db, p)
    .where('t.subject_namespace', '>', '')
    .select((eb) => [eb.lit<number>(0).as('question'), ...subjectOfTuple, 't.condition'])
    .limit(p.most)
  return directOf(db, p)
    .unionAll(db.selectFrom(sets.as('sets')).selectAll())
    .unionAll(revisionRow(db))
})

function ownTuples(db: ProjectDatabase, p: One) {
  return db
    .selectFrom('relation_tuples as t')
    .where('t.namespace', '=', p.namespace)
    .where('t.object', '=', p.object)
    .where('t.relation', '=', p.relation)
}

function directOf(db: ProjectDatabase, p: One) {
  return ownTuples(db, p)
    .where('t.subject_namespace', '=', p.subject_namespace)
    .where('t.subject_object', '=', p.subject_object)
    .where('t.subject_relation', '=', p.subject_relation)
    .select((eb) => [
      eb.lit<number>(0).as('question'),
      eb.val('').as('subject_namespace'),
      eb.val('').as('subject_object'),
      eb.val('').as('subject_relation'),
      't.condition',
    ])
}

function revisionRow(db: ProjectDatabase) {
  return db
    .selectFrom('relation_tuple_revisions')
    .select((eb) => [
      eb.lit<number>(ofRevision).as('question'),
      eb.val('').as('subject_namespace'),
      eb.cast<string>('revision', 'text').as('subject_object'),
      eb.val('').as('subject_relation'),
      eb.val('').as('condition'),
    ])
}

interface Lists extends SubjectColumns, Record<string, unknown> {
  sets: string
  direct: string
  most: number
}

const ask = perDialect((capabilities) =>
  prepared<Lists, Found>((db, p) => {
    const direct = tuplesOf(db, capabilities, p.direct, [
      ['subject_namespace', '=', p.subject_namespace],
      ['subject_object', '=', p.subject_object],
      ['subject_relation', '=', p.subject_relation],
    ]).select((eb) => [
      'asked.position as question',
      eb.val('').as('subject_namespace'),
      eb.val('').as('subject_object'),
      eb.val('').as('subject_relation'),
      't.condition',
    ])
    const sets = tuplesOf(db, capabilities, p.sets, [['subject_namespace', '>', '']])
      .select(['asked.position as question', ...subjectOfTuple, 't.condition'])
      .limit(p.most)
    return direct.unionAll(db.selectFrom(sets.as('sets')).selectAll()).unionAll(revisionRow(db))
  }),
)

/** The tuples of some relations, given as a JSON list, each with the place of its question. */
function tuplesOf(
  db: ProjectDatabase,
  capabilities: Capabilities,
  list: string,
  subject: readonly Looked<RelationTupleRow>[] = [],
) {
  const names = ['namespace', 'object', 'relation'] as const
  return lookUp(db.selectFrom(eachOf(capabilities, list, 'asked')), capabilities, {
    table: 'relation_tuples',
    columns: tupleColumns,
    where: [...names.map((name, i) => [name, '=', entryText('asked', i)] as const), ...subject],
  })
}

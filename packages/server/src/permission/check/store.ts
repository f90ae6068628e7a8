import { eachOf, entryText, type Looked, lookUp, perDialect, preparedStatement } from '../../db/index.ts'
import type { Capabilities, Context, ProjectDatabase } from '../../kernel/context.ts'
import { namingColumns, type RelationTupleRow, tupleColumns } from '../tables.ts'
import type { SubjectColumns } from '../tuples/subject.ts'

/** A relation of an object. */
export type ObjectRelation = readonly [namespace: string, object: string, relation: string]

/** What names a tuple, in the order of the columns. */
export type TupleName = readonly [...relation: ObjectRelation, ...subject: readonly [string, string, string]]

/** A subject that has a relation, with the position of the question that it answers. */
export interface SubjectRow extends SubjectColumns {
  question: number
  condition: string
}

/** Rows, and the project's revision at which they were read. */
export interface AtRevision<Row> {
  rows: Row[]
  revision: number
}

/** Of several conditions of one tuple the empty one, if it is among them; undefined where there is no such tuple. */
export interface OwnTuple {
  condition: string | undefined
  revision: number
}

export type RowLimit = { maxRows: number; skippedRows: number }

/** Marks the row that carries the revision. */
const revisionMark = -1

/** Some of the subjects of the tuples of some relations, ordered by question and then by subject. */
export async function readSubjects(
  ctx: Context,
  relations: readonly ObjectRelation[],
  { maxRows, skippedRows }: RowLimit,
): Promise<SubjectRow[]> {
  return tuplesOf(ctx.db, { capabilities: ctx.capabilities, list: JSON.stringify(relations), columns: relationColumns })
    .select(['asked.position as question', ...subjectOfTuple, 't.condition'])
    .orderBy('asked.position')
    .orderBy('t.subject_namespace')
    .orderBy('t.subject_object')
    .orderBy('t.subject_relation')
    .orderBy('t.id')
    .limit(maxRows)
    .offset(skippedRows)
    .execute()
}

/**
 * Reads, with one statement for any number of questions, which of some tuples exist, and which subject sets have some
 * relations. The rows of the former have the empty subject. At most `maxRows` subject sets are read, after the first
 * `skippedRows`; their order is that of the plan, so that it is the same only at the same revision.
 */
export async function readTuples(
  ctx: Context,
  questions: { own: readonly TupleName[]; usersets: readonly ObjectRelation[] },
  limit: RowLimit,
): Promise<AtRevision<SubjectRow>> {
  const { own, usersets } = questions
  const [tuple] = own
  const [relation] = usersets
  // Most checks ask about one relation, which needs no list.
  const isSingle = own.length === 1 && usersets.length === 1
  if (isSingle && tuple && relation?.every((name, i) => name === tuple[i])) {
    return splitRevision(await single(ctx.db, { ...columnsOf(tuple), ...limit }))
  }
  const lists = { own: JSON.stringify(own), usersets: JSON.stringify(usersets) }
  return splitRevision(await several(ctx.capabilities)(ctx.db, { ...lists, ...limit }))
}

/** Whether one tuple exists. */
export async function readOwnTuple(ctx: Context, tuple: TupleName): Promise<OwnTuple> {
  const [row] = await ownTuple(ctx.db, columnsOf(tuple))
  return { condition: row?.condition ?? undefined, revision: row?.revision ?? 0 }
}

/** Which of some tuples exist, at one revision, in their order. */
export async function readOwnTuples(ctx: Context, tuples: readonly TupleName[]): Promise<OwnTuple[]> {
  const rows = await ownTuples(ctx.capabilities)(ctx.db, { list: JSON.stringify(tuples) })
  const revision = Number(rows.find(({ question }) => question === revisionMark)?.value ?? 0)
  const conditions = new Map<number, string>()
  for (const { question, value } of rows) if (conditions.get(question) !== '') conditions.set(question, value)
  return tuples.map((_, i) => ({ condition: conditions.get(i), revision }))
}

function columnsOf([namespace, object, relation, ofNamespace, ofObject, ofRelation]: TupleName): TupleColumns {
  return {
    namespace,
    object,
    relation,
    subject_namespace: ofNamespace,
    subject_object: ofObject,
    subject_relation: ofRelation,
  }
}

function splitRevision(all: SubjectRow[]): AtRevision<SubjectRow> {
  const rows = all.filter(({ question }) => question !== revisionMark)
  return { rows, revision: Number(all.find(({ question }) => question === revisionMark)?.subject_object ?? 0) }
}

type TupleColumns = Omit<RelationTupleRow, 'id' | 'condition'> & Record<string, unknown>

const relationColumns = ['namespace', 'object', 'relation'] as const
const subjectOfTuple = ['t.subject_namespace', 't.subject_object', 't.subject_relation'] as const

const ownTuple = preparedStatement<TupleColumns, { revision: number | null; condition: string | null }>((db, p) =>
  db.selectNoFrom((eb) => [
    eb.selectFrom('relation_tuple_revisions').select('revision').as('revision'),
    ofSubject(ofRelation(db, p), p)
      .select((of) => of.fn.min<string | null>('t.condition').as('condition'))
      .as('condition'),
  ]),
)

const ownTuples = perDialect((capabilities) =>
  preparedStatement<{ list: string }, { question: number; value: string }>((db, p) =>
    tuplesOf(db, { capabilities, list: p.list, columns: namingColumns })
      .select(['asked.position as question', 't.condition as value'])
      .unionAll(
        db
          .selectFrom('relation_tuple_revisions')
          .select((eb) => [
            eb.lit<number>(revisionMark).as('question'),
            eb.cast<string>('revision', 'text').as('value'),
          ]),
      ),
  ),
)

const single = preparedStatement<TupleColumns & RowLimit, SubjectRow>((db, p) => {
  const own = ofSubject(ofRelation(db, p), p).select((eb) => [
    eb.lit<number>(0).as('question'),
    eb.val('').as('subject_namespace'),
    eb.val('').as('subject_object'),
    eb.val('').as('subject_relation'),
    't.condition',
  ])
  const usersets = ofRelation(db, p)
    .where('t.subject_namespace', '>', '')
    .select((eb) => [eb.lit<number>(0).as('question'), ...subjectOfTuple, 't.condition'])
    .limit(p.maxRows)
    .offset(p.skippedRows)
  return own.unionAll(db.selectFrom(usersets.as('usersets')).selectAll()).unionAll(revisionRow(db))
})

const several = perDialect((capabilities) =>
  preparedStatement<{ own: string; usersets: string } & RowLimit, SubjectRow>((db, p) => {
    const own = tuplesOf(db, { capabilities, list: p.own, columns: namingColumns }).select((eb) => [
      'asked.position as question',
      eb.val('').as('subject_namespace'),
      eb.val('').as('subject_object'),
      eb.val('').as('subject_relation'),
      't.condition',
    ])
    const usersets = tuplesOf(db, {
      capabilities,
      list: p.usersets,
      columns: relationColumns,
      also: [['subject_namespace', '>', '']],
    })
      .select(['asked.position as question', ...subjectOfTuple, 't.condition'])
      .limit(p.maxRows)
      .offset(p.skippedRows)
    return own.unionAll(db.selectFrom(usersets.as('usersets')).selectAll()).unionAll(revisionRow(db))
  }),
)

function ofRelation(db: ProjectDatabase, p: TupleColumns) {
  return db
    .selectFrom('relation_tuples as t')
    .where('t.namespace', '=', p.namespace)
    .where('t.object', '=', p.object)
    .where('t.relation', '=', p.relation)
}

function ofSubject(query: ReturnType<typeof ofRelation>, p: TupleColumns) {
  return query
    .where('t.subject_namespace', '=', p.subject_namespace)
    .where('t.subject_object', '=', p.subject_object)
    .where('t.subject_relation', '=', p.subject_relation)
}

function revisionRow(db: ProjectDatabase) {
  return db
    .selectFrom('relation_tuple_revisions')
    .select((eb) => [
      eb.lit<number>(revisionMark).as('question'),
      eb.val('').as('subject_namespace'),
      eb.cast<string>('revision', 'text').as('subject_object'),
      eb.val('').as('subject_relation'),
      eb.val('').as('condition'),
    ])
}

/** The tuples whose columns equal the entries of a JSON list, each with the position of its entry. */
function tuplesOf(
  db: ProjectDatabase,
  options: {
    capabilities: Capabilities
    list: string
    columns: readonly (keyof RelationTupleRow)[]
    also?: readonly Looked<RelationTupleRow>[]
  },
) {
  const { capabilities, list, columns, also = [] } = options
  return lookUp(db.selectFrom(eachOf(capabilities, list, 'asked')), capabilities, {
    table: 'relation_tuples',
    columns: tupleColumns,
    where: [...columns.map((column, i) => [column, '=', entryText('asked', i)] as const), ...also],
  })
}

import type { Expression, QueryCreator } from 'kysely'
import { eachOf, entryText, lookUp } from '../../db/index.ts'
import type { Context, ProjectDatabase } from '../../kernel/context.ts'
import type { Tables } from '../../kernel/tables.ts'
import type { ObjectRelation, SubjectRow } from '../check/store.ts'
import type { NamespaceRelation } from '../check/tuple-shapes.ts'
import { type RelationTupleRow, tupleColumns } from '../tables.ts'

/** A subject, and a relation that it has to objects. */
export type SubjectRelation = readonly [
  ...subject: readonly [string, string, string],
  namespace: string,
  relation: string,
]

/** A page of names, after a given one or from the first on. */
export interface NamePage {
  readonly size: number
  readonly after?: string
}

/** The objects to which subjects have relations by their own tuples, each with the position of its question. */
export async function objectsWith(
  ctx: Context,
  questions: readonly SubjectRelation[],
  maxRows: number,
): Promise<{ question: number; object: string }[]> {
  const columns = ['subject_namespace', 'subject_object', 'subject_relation', 'namespace', 'relation'] as const
  return lookUpQuestions(ctx, questions, columns)
    .select(['asked.position as question', 't.object'])
    .distinct()
    .limit(maxRows)
    .execute()
}

/** The subject sets in the tuples of some relations. */
export async function usersetsWith(
  ctx: Context,
  relations: readonly ObjectRelation[],
  maxRows: number,
): Promise<Omit<SubjectRow, 'condition'>[]> {
  return ofRelations(ctx, relations)
    .where('t.subject_namespace', '>', '')
    .select(['asked.position as question', 't.subject_namespace', 't.subject_object', 't.subject_relation'])
    .distinct()
    .limit(maxRows)
    .execute()
}

/** Of so many relations, each is read in its order and as far as the page goes only. */
const maxOrderedRelations = 20

/** The names of the subjects of one shape (that of ids is empty) in the tuples of any of some relations. */
export async function subjectsWith(
  ctx: Context,
  relations: readonly ObjectRelation[],
  shape: NamespaceRelation,
  page: NamePage,
): Promise<string[]> {
  const { size, after } = page
  const [namespace, relation] = shape
  if (relations.length <= maxOrderedRelations) {
    const [first, ...others] = relations.map((one) => subjectsOfRelation(ctx, one, shape, page))
    if (!first) return []
    const union = others.reduce((query, other) => query.union(other), first)
    return (await union.orderBy('name').limit(size).execute()).map(({ name }) => name)
  }
  let query = ofRelations(ctx, relations)
    .where('t.subject_namespace', '=', namespace)
    .where('t.subject_relation', '=', relation)
    .select('t.subject_object as name')
    .distinct()
    .orderBy('name')
    .limit(size)
  if (after !== undefined) query = query.where('t.subject_object', '>', after)
  return (await query.execute()).map(({ name }) => name)
}

/** In the order of the index, which ends with the page, however many subjects the relation has. */
function subjectsOfRelation(
  { db }: Context,
  [namespace, object, relation]: ObjectRelation,
  [subjectNamespace, subjectRelation]: NamespaceRelation,
  { size, after }: NamePage,
) {
  let query = db
    .selectFrom('relation_tuples')
    .where('namespace', '=', namespace)
    .where('object', '=', object)
    .where('relation', '=', relation)
    .where('subject_namespace', '=', subjectNamespace)
    .where('subject_relation', '=', subjectRelation)
    .select('subject_object as name')
    .distinct()
    .orderBy('subject_object')
    .limit(size)
  if (after !== undefined) query = query.where('subject_object', '>', after)
  return db.selectFrom(query.as('of_relation')).select('name')
}

/** The names of all objects of a namespace: those of tuples, and those of subject sets in tuples. */
export async function objectNames(ctx: Context, namespace: string, page: NamePage): Promise<string[]> {
  const own = ctx.db.selectFrom(skipScan(ctx.db, 'object', { namespace }, page).as('own')).select('name')
  const inSubjects = skipScan(ctx.db, 'subject_object', { subject_namespace: namespace }, page)
  const rows = await own
    .union(ctx.db.selectFrom(inSubjects.as('in_subjects')).select('name'))
    .orderBy('name')
    .limit(page.size)
    .execute()
  return rows.map(({ name }) => name)
}

/** The names of all subjects of one shape; that of ids is empty. */
export async function subjectNames(
  ctx: Context,
  [namespace, relation]: NamespaceRelation,
  page: NamePage,
): Promise<string[]> {
  const where = { subject_namespace: namespace, subject_relation: relation }
  return (await skipScan(ctx.db, 'subject_object', where, page).execute()).map(({ name }) => name)
}

/** A skip scan: each name once, from index entry to index entry, however many tuples have it. */
function skipScan(
  db: ProjectDatabase,
  column: 'object' | 'subject_object',
  where: Partial<RelationTupleRow>,
  { size, after }: NamePage,
) {
  const least = (
    from: Pick<QueryCreator<Tables>, 'selectFrom'>,
    comparison: '>' | '>=',
    name: string | Expression<string>,
  ) => {
    let query = from.selectFrom('relation_tuples as t').where(`t.${column}`, comparison, name)
    for (const [other, value] of Object.entries(where))
      query = query.where(`t.${other as 'object'}`, '=', String(value))
    return query.select((eb) => eb.fn.min<string | null>(`t.${column}`).as('name'))
  }
  return db
    .withRecursive('found_names(name, place)', (query) => {
      const first = query.selectNoFrom((eb) => [
        (after === undefined ? least(query, '>=', '') : least(query, '>', after)).as('name'),
        eb.lit(1).as('place'),
      ])
      const next = query
        .selectFrom('found_names as f')
        .where('f.name', 'is not', null)
        .where('f.place', '<', size)
        .select((eb) => [
          least(query, '>', eb.ref('f.name').$notNull()).as('name'),
          eb('f.place', '+', eb.lit(1)).as('place'),
        ])
      return first.unionAll(next)
    })
    .selectFrom('found_names')
    .select('name')
    .where('name', 'is not', null)
    .$narrowType<{ name: string }>()
    .orderBy('name')
}

function ofRelations(ctx: Context, relations: readonly ObjectRelation[]) {
  return lookUpQuestions(ctx, relations, ['namespace', 'object', 'relation'])
}

/** The tuples whose columns equal the entries of a question, each with the position of its question. */
function lookUpQuestions(
  { db, capabilities }: Context,
  questions: readonly (readonly string[])[],
  columns: readonly (keyof RelationTupleRow)[],
) {
  return lookUp(db.selectFrom(eachOf(capabilities, JSON.stringify(questions), 'asked')), capabilities, {
    table: 'relation_tuples',
    columns: tupleColumns,
    where: columns.map((column, i) => [column, '=', entryText('asked', i)] as const),
  })
}

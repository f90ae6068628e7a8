import type { Expression, QueryCreator } from 'kysely'
import { eachOf, entryText, lookUp } from '../../db/index.ts'
import type { Context, ProjectDatabase } from '../../kernel/context.ts'
import type { Tables } from '../../kernel/tables.ts'
import type { ObjectRelation, SubjectRow } from '../check/store.ts'
import { type RelationTupleRow, tupleColumns } from '../tables.ts'
import type { Kind } from './grounds.ts'

/** A subject and the relation in which it stands to objects. */
export type SubjectIn = readonly [...subject: readonly [string, string, string], namespace: string, relation: string]

/** Names from after one on; without one from the first. */
export interface NamePage {
  readonly size: number
  readonly after?: string
}

/** The objects to which these subjects have these relations by tuples, each with the place of its question. */
export async function objectsWith(
  ctx: Context,
  questions: readonly SubjectIn[],
  most: number,
): Promise<{ question: number; object: string }[]> {
  const columns = ['subject_namespace', 'subject_object', 'subject_relation', 'namespace', 'relation'] as const
  return asked(ctx, questions, columns)
    .select(['asked.position as question', 't.object'])
    .distinct()
    .limit(most)
    .execute()
}

/** The subject sets that have these relations by tuples. */
export async function setsWith(
  ctx: Context,
  relations: readonly ObjectRelation[],
  most: number,
): Promise<Omit<SubjectRow, 'condition'>[]> {
  return ofRelations(ctx, relations)
    .where('t.subject_namespace', '>', '')
    .select(['asked.position as question', 't.subject_namespace', 't.subject_object', 't.subject_relation'])
    .distinct()
    .limit(most)
    .execute()
}

/** The names of those subjects of a kind (ids have the empty one) that have any of these relations by tuples. */
export async function subjectsWith(
  ctx: Context,
  relations: readonly ObjectRelation[],
  [namespace, relation]: Kind,
  { size, after }: NamePage,
): Promise<string[]> {
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

/** The names of all objects of a namespace, be it that something has a relation to them or that they are in a subject. */
export async function objectNames(ctx: Context, namespace: string, page: NamePage): Promise<string[]> {
  const own = ctx.db.selectFrom(leaps(ctx.db, 'object', { namespace }, page).as('own')).select('name')
  const inSubjects = leaps(ctx.db, 'subject_object', { subject_namespace: namespace }, page)
  const rows = await own
    .union(ctx.db.selectFrom(inSubjects.as('in_subjects')).select('name'))
    .orderBy('name')
    .limit(page.size)
    .execute()
  return rows.map(({ name }) => name)
}

/** The names of all subjects of a kind; ids have the empty one. */
export async function subjectNames(ctx: Context, [namespace, relation]: Kind, page: NamePage): Promise<string[]> {
  const where = { subject_namespace: namespace, subject_relation: relation }
  return (await leaps(ctx.db, 'subject_object', where, page).execute()).map(({ name }) => name)
}

/** Each name once, from index entry to index entry: however many tuples have a name, one is looked at. */
function leaps(
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
    .withRecursive('found_names(name, place)', (with_) => {
      const first = with_.selectNoFrom((eb) => [
        (after === undefined ? least(with_, '>=', '') : least(with_, '>', after)).as('name'),
        eb.lit(1).as('place'),
      ])
      const next = with_
        .selectFrom('found_names as f')
        .where('f.name', 'is not', null)
        .where('f.place', '<', size)
        .select((eb) => [
          least(with_, '>', eb.ref('f.name').$notNull()).as('name'),
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
  return asked(ctx, relations, ['namespace', 'object', 'relation'])
}

/** The tuples whose columns are as the entries of a question say, each with the place of its question. */
function asked(
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

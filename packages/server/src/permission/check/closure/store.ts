import type { ExpressionBuilder, QueryCreator } from 'kysely'
import { columnText, eachOf, entryText, lookUp, perDialect, preparedStatement } from '../../../db/index.ts'
import type { Capabilities, Context } from '../../../kernel/context.ts'
import type { Tables } from '../../../kernel/tables.ts'
import { tupleColumns } from '../../tables.ts'
import type { SubjectColumns } from '../../tuples/subject.ts'
import type { AtRevision } from '../store.ts'
import type { NamespaceRelation } from '../tuple-shapes.ts'

/** A relation that a subject has, and over how many steps; its own tuples are one step away. */
export interface AncestorRow {
  /** The position of the subject. */
  question: number
  distance: number
  namespace: string
  object: string
  relation: string
  condition: string
}

/** Marks the row that carries the revision. */
const revisionMark = -1

interface Parameters extends SubjectColumns, Record<string, unknown> {
  /** A list of several subjects; the columns are those of the only one. */
  subjects: string
  usersets: string
  maxDistance: number
  maxRows: number
}

type OwnTuples = 'all' | 'usersets'

/** One subject is asked for without a list, which takes a fifth less. */
const statements = {
  all: perDialect((capabilities) => ancestors(capabilities, ownTuples)),
  usersets: perDialect((capabilities) => ancestors(capabilities, ownMemberships)),
  allOfSeveral: perDialect((capabilities) => ancestors(capabilities, ownTuplesOfSeveral)),
}

/**
 * What subjects are members of: by their own tuples, `all` of them or (of one subject) only those of `usersets`, then
 * the usersets that those are members of, and so on up to a distance. What is reached over several paths is there once
 * for each distance.
 */
export async function readAncestors(
  ctx: Context,
  subjects: readonly SubjectColumns[],
  options: { usersets: readonly NamespaceRelation[]; own: OwnTuples; maxDistance: number; maxRows: number },
): Promise<AtRevision<AncestorRow>> {
  const { usersets, own, maxDistance, maxRows } = options
  const [only = noSubject] = subjects
  const isOne = subjects.length === 1
  const statement = isOne ? statements[own] : statements.allOfSeveral
  const { subject_namespace, subject_object, subject_relation } = only
  const all = await statement(ctx.capabilities)(ctx.db, {
    subjects: isOne ? '' : JSON.stringify(subjects.map((subject) => subjectColumnNames.map((name) => subject[name]))),
    subject_namespace,
    subject_object,
    subject_relation,
    usersets: JSON.stringify(usersets),
    maxDistance,
    maxRows,
  })
  const rows = all.filter(({ distance }) => distance !== revisionMark)
  return { rows, revision: Number(all.find(({ distance }) => distance === revisionMark)?.object ?? 0) }
}

function ancestors(capabilities: Capabilities, firstStep: FirstStep) {
  return preparedStatement<Parameters, AncestorRow>((db, p) => {
    const columns = ['question', 'distance', 'namespace', 'object', 'relation', 'condition'] as const
    return db
      .withRecursive('found_ancestors(question, distance, namespace, object, relation, condition)', (query) =>
        firstStep(query, p, capabilities).union(nextStep(query, p, capabilities)),
      )
      .selectFrom((eb) => eb.selectFrom('found_ancestors').select(columns).limit(p.maxRows).as('some'))
      .selectAll()
      .unionAll(
        db
          .selectFrom('relation_tuple_revisions')
          .select((eb) => [
            eb.lit<number>(revisionMark).as('question'),
            eb.lit<number>(revisionMark).as('distance'),
            eb.val('').as('namespace'),
            eb.cast<string>('revision', 'text').as('object'),
            eb.val('').as('relation'),
            eb.val('').as('condition'),
          ]),
      )
  })
}

const noSubject: SubjectColumns = { subject_namespace: '', subject_object: '', subject_relation: '' }
const taken = ['t.namespace', 't.object', 't.relation', 't.condition'] as const
const subjectColumnNames = ['subject_namespace', 'subject_object', 'subject_relation'] as const

type Queries = QueryCreator<Tables & { found_ancestors: AncestorRow }>

type FirstStep = typeof ownTuples | typeof ownMemberships | typeof ownTuplesOfSeveral

/** The tuples of the only subject. */
function ownTuples(query: Queries, p: Parameters) {
  const rows = query
    .selectFrom('relation_tuples as t')
    .where('t.subject_namespace', '=', p.subject_namespace)
    .where('t.subject_object', '=', p.subject_object)
    .where('t.subject_relation', '=', p.subject_relation)
    .select((eb) => [eb.lit<number>(0).as('question'), ...taken])
  return query.selectFrom(rows.limit(p.maxRows).as('own')).select((eb) => firstRow(eb))
}

/** Those of them that make it a member of a userset. */
function ownMemberships(query: Queries, p: Parameters, capabilities: Capabilities) {
  const rows = lookUp(query.selectFrom(eachOf(capabilities, p.usersets, 'userset')), capabilities, {
    ...tuples,
    where: [...subjectColumnNames.map((column) => [column, '=', p[column]] as const), ...ofUserset],
  }).select((eb) => [eb.lit<number>(0).as('question'), ...taken])
  return query.selectFrom(rows.limit(p.maxRows).as('own')).select((eb) => firstRow(eb))
}

function ownTuplesOfSeveral(query: Queries, p: Parameters, capabilities: Capabilities) {
  const rows = lookUp(query.selectFrom(eachOf(capabilities, p.subjects, 'subject')), capabilities, {
    ...tuples,
    where: subjectColumnNames.map((column, i) => [column, '=', entryText('subject', i)] as const),
  }).select(['subject.position as question', ...taken])
  return query.selectFrom(rows.limit(p.maxRows).as('own')).select((eb) => firstRow(eb))
}

const tuples = { table: 'relation_tuples', columns: tupleColumns } as const
const ofUserset = [
  ['namespace', '=', entryText('userset', 0)],
  ['relation', '=', entryText('userset', 1)],
] as const

function firstRow(eb: ExpressionBuilder<{ own: Omit<AncestorRow, 'distance'> }, 'own'>) {
  return [
    'own.question' as const,
    eb.lit<number>(1).as('distance'),
    'own.namespace' as const,
    'own.object' as const,
    'own.relation' as const,
    'own.condition' as const,
  ] as const
}

/** The usersets that hold a userset found before. */
function nextStep(query: Queries, p: Parameters, capabilities: Capabilities) {
  const found = query
    .selectFrom('found_ancestors as s')
    .crossJoin(eachOf(capabilities, p.usersets, 'inside'))
    .crossJoin(eachOf(capabilities, p.usersets, 'userset'))
    .where('s.distance', '<', p.maxDistance)
    .where((eb) => eb('s.namespace', '=', entryText('inside', 0)))
    .where((eb) => eb('s.relation', '=', entryText('inside', 1)))
  return lookUp(found, capabilities, {
    ...tuples,
    where: [
      ['subject_namespace', '=', columnText('s.namespace')],
      ['subject_object', '=', columnText('s.object')],
      ['subject_relation', '=', columnText('s.relation')],
      ...ofUserset,
    ],
  }).select((eb) => ['s.question', eb('s.distance', '+', eb.lit(1)).as('distance'), ...taken])
}

import type { QueryCreator } from 'kysely'
import { columnText, eachOf, entryText, lookUp, perDialect, prepared } from '../../../db/index.ts'
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

interface Parameters extends Record<string, unknown> {
  subjects: string
  usersets: string
  maxDistance: number
  maxRows: number
}

type OwnTuples = 'all' | 'usersets'

const statements = {
  all: perDialect((capabilities) => ancestors(capabilities, 'all')),
  usersets: perDialect((capabilities) => ancestors(capabilities, 'usersets')),
}

/**
 * What subjects are members of: by their own tuples, `all` of them or only those of `usersets`, then the usersets that
 * those are members of, and so on up to a distance. What is reached over several paths is there once for each distance.
 */
export async function readAncestors(
  ctx: Context,
  subjects: readonly SubjectColumns[],
  options: { usersets: readonly NamespaceRelation[]; own: OwnTuples; maxDistance: number; maxRows: number },
): Promise<AtRevision<AncestorRow>> {
  const { usersets, own, maxDistance, maxRows } = options
  const all = await statements[own](ctx.capabilities)(ctx.db, {
    subjects: JSON.stringify(subjects.map((subject) => subjectColumnNames.map((column) => subject[column]))),
    usersets: JSON.stringify(usersets),
    maxDistance,
    maxRows,
  })
  const rows = all.filter(({ distance }) => distance !== revisionMark)
  return { rows, revision: Number(all.find(({ distance }) => distance === revisionMark)?.object ?? 0) }
}

function ancestors(capabilities: Capabilities, own: OwnTuples) {
  return prepared<Parameters, AncestorRow>((db, p) => {
    const columns = ['question', 'distance', 'namespace', 'object', 'relation', 'condition'] as const
    return db
      .withRecursive('found_ancestors(question, distance, namespace, object, relation, condition)', (query) =>
        firstStep(query, p, { capabilities, own }).union(nextStep(query, p, capabilities)),
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

const taken = ['t.namespace', 't.object', 't.relation', 't.condition'] as const
const subjectColumnNames = ['subject_namespace', 'subject_object', 'subject_relation'] as const

type Queries = QueryCreator<Tables & { found_ancestors: AncestorRow }>

/** The subjects' own tuples. */
function firstStep(
  query: Queries,
  p: Parameters,
  { capabilities, own }: { capabilities: Capabilities; own: OwnTuples },
) {
  const ofSubject = subjectColumnNames.map((column, i) => [column, '=', entryText('subject', i)] as const)
  const ofUserset = [
    ['namespace', '=', entryText('userset', 0)],
    ['relation', '=', entryText('userset', 1)],
  ] as const
  const subjects = query.selectFrom(eachOf(capabilities, p.subjects, 'subject'))
  const tuples = { table: 'relation_tuples', columns: tupleColumns } as const
  const columns = ['subject.position as question', ...taken] as const
  const rows =
    own === 'all'
      ? lookUp(subjects, capabilities, { ...tuples, where: ofSubject }).select(columns)
      : lookUp(subjects.crossJoin(eachOf(capabilities, p.usersets, 'userset')), capabilities, {
          ...tuples,
          where: [...ofSubject, ...ofUserset],
        }).select(columns)
  return query
    .selectFrom(rows.limit(p.maxRows).as('own'))
    .select((eb) => [
      'own.question',
      eb.lit<number>(1).as('distance'),
      'own.namespace',
      'own.object',
      'own.relation',
      'own.condition',
    ])
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
    table: 'relation_tuples',
    columns: tupleColumns,
    where: [
      ['subject_namespace', '=', columnText('s.namespace')],
      ['subject_object', '=', columnText('s.object')],
      ['subject_relation', '=', columnText('s.relation')],
      ['namespace', '=', entryText('userset', 0)],
      ['relation', '=', entryText('userset', 1)],
    ],
  }).select((eb) => ['s.question', eb('s.distance', '+', eb.lit(1)).as('distance'), ...taken])
}

import { columnText, eachOf, entryText, lookUp, perDialect, prepared } from '../../../db/index.ts'
import type { Capabilities, Context } from '../../../kernel/context.ts'
import { tupleColumns } from '../../tables.ts'
import type { SubjectColumns } from '../../tuples/subject.ts'
import type { SetKind } from '../kinds.ts'
import type { Asked } from '../store.ts'

/** Something that a subject is in, and over how many steps; a tuple of its own is one step away. */
export interface Above {
  level: number
  namespace: string
  object: string
  relation: string
  condition: string
}

/** Stands where a level stands, in the row that tells the revision. */
const ofRevision = -1

interface Parameters extends SubjectColumns, Record<string, unknown> {
  wanted: string
  levels: number
  most: number
}

/** `own`: whether the first step takes every tuple of the subject, or only those that make it a member of a wanted set. */
const above = (capabilities: Capabilities, own: 'all' | 'wanted') =>
  prepared<Parameters, Above>((db, p) => {
    const wanted = <Alias extends string>(alias: Alias) => eachOf(capabilities, p.wanted, alias)
    return db
      .withRecursive('found_sets(level, namespace, object, relation, condition)', (with_) => {
        const taken = ['t.namespace', 't.object', 't.relation', 't.condition'] as const
        const all = with_
          .selectFrom('relation_tuples as t')
          .where('t.subject_namespace', '=', p.subject_namespace)
          .where('t.subject_object', '=', p.subject_object)
          .where('t.subject_relation', '=', p.subject_relation)
          .select(taken)
        const some = lookUp(with_.selectFrom(wanted('wanted')), capabilities, {
          table: 'relation_tuples',
          columns: tupleColumns,
          where: [
            ['subject_namespace', '=', p.subject_namespace],
            ['subject_object', '=', p.subject_object],
            ['subject_relation', '=', p.subject_relation],
            ['namespace', '=', entryText('wanted', 0)],
            ['relation', '=', entryText('wanted', 1)],
          ],
        }).select(taken)
        const step = ['own.namespace', 'own.object', 'own.relation', 'own.condition'] as const
        const first =
          own === 'all'
            ? with_.selectFrom(all.limit(p.most).as('own')).select((eb) => [eb.lit<number>(1).as('level'), ...step])
            : with_.selectFrom(some.limit(p.most).as('own')).select((eb) => [eb.lit<number>(1).as('level'), ...step])
        const found = with_
          .selectFrom('found_sets as s')
          .crossJoin(wanted('inside'))
          .crossJoin(wanted('wanted'))
          .where('s.level', '<', p.levels)
          .where((eb) => eb('s.namespace', '=', entryText('inside', 0)))
          .where((eb) => eb('s.relation', '=', entryText('inside', 1)))
        const next = lookUp(found, capabilities, {
          table: 'relation_tuples',
          columns: tupleColumns,
          where: [
            ['subject_namespace', '=', columnText('s.namespace')],
            ['subject_object', '=', columnText('s.object')],
            ['subject_relation', '=', columnText('s.relation')],
            ['namespace', '=', entryText('wanted', 0)],
            ['relation', '=', entryText('wanted', 1)],
          ],
        }).select((eb) => [
          eb('s.level', '+', eb.lit(1)).as('level'),
          't.namespace',
          't.object',
          't.relation',
          't.condition',
        ])
        return first.union(next)
      })
      .selectFrom((eb) =>
        eb
          .selectFrom('found_sets')
          .select(['level', 'namespace', 'object', 'relation', 'condition'])
          .limit(p.most)
          .as('some'),
      )
      .selectAll()
      .unionAll(
        db
          .selectFrom('relation_tuple_revisions')
          .select((eb) => [
            eb.lit<number>(ofRevision).as('level'),
            eb.val('').as('namespace'),
            eb.cast<string>('revision', 'text').as('object'),
            eb.val('').as('relation'),
            eb.val('').as('condition'),
          ]),
      )
  })

const statements = {
  all: perDialect((capabilities) => above(capabilities, 'all')),
  wanted: perDialect((capabilities) => above(capabilities, 'wanted')),
}

/**
 * What a subject is in: by its own tuples, `all` of them or those only that are in `wanted` sets; then the wanted sets
 * that those are in, and so on over so many levels. What is reached over several ways stands there for each number of
 * steps. At most `most`.
 */
export async function readAbove(
  ctx: Context,
  subject: SubjectColumns,
  wanted: readonly SetKind[],
  options: { own: 'all' | 'wanted'; levels: number; most: number },
): Promise<Asked<Above>> {
  const { subject_namespace, subject_object, subject_relation } = subject
  const { own, levels, most } = options
  const all = await statements[own](ctx.capabilities)(ctx.db, {
    subject_namespace,
    subject_object,
    subject_relation,
    wanted: JSON.stringify(wanted),
    levels,
    most,
  })
  const rows = all.filter(({ level }) => level !== ofRevision)
  return { rows, revision: Number(all.find(({ level }) => level === ofRevision)?.object ?? 0) }
}

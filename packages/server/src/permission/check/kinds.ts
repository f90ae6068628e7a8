import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { RelationTupleKindRow } from '../tables.ts'
import { nameOf } from '../tuples/name.ts'
import { listKinds } from '../tuples/store.ts'
import type { SubjectColumns } from '../tuples/subject.ts'

type Kind = Omit<RelationTupleKindRow, 'conditional'>
export type SetKind = readonly [namespace: string, relation: string]

/** What can be found in tuples at all, so that nobody asks for what is not there. */
export interface Kinds {
  /** Whether a relation may hold subjects of the kind of this one: ids, or sets of the same relation. */
  holdsSubject(relation: SetKind, subject: Omit<SubjectColumns, 'subject_object'>): boolean
  holdsSets(relation: SetKind): boolean
  /** Whether a tuple is of a kind that is known. */
  has(tuple: Kind & { condition: string }): boolean
  /** The kinds of sets that stand in tuples as subjects and hold, however deep, nothing but what tuples always say. */
  readonly plainSets: ReadonlyMap<string, SetKind>
}

export async function readKinds(ctx: Context): Promise<Kinds> {
  return kindsOf(ctx, await listKinds(ctx))
}

function kindsOf(ctx: Context, rows: readonly RelationTupleKindRow[]): Kinds {
  const all = new Set(rows.map(kindName))
  const conditional = new Set(rows.filter((row) => row.conditional !== 0).map(kindName))
  const holding = new Set(rows.filter(isOfSets).map(({ namespace, relation }) => nameOf([namespace, relation])))
  return {
    holdsSubject: ([namespace, relation], { subject_namespace, subject_relation }) =>
      all.has(kindName({ namespace, relation, subject_namespace, subject_relation })),
    holdsSets: (relation) => holding.has(nameOf(relation)),
    has: (kind) => all.has(kindName(kind)) && (kind.condition === '' || conditional.has(kindName(kind))),
    plainSets: plainSets(ctx, rows),
  }
}

function kindName({ namespace, relation, subject_namespace, subject_relation }: Kind): string {
  return nameOf([namespace, relation, subject_namespace, subject_relation])
}

function isOfSets({ subject_namespace }: Kind): boolean {
  return subject_namespace !== ''
}

function plainSets(ctx: Context, rows: readonly RelationTupleKindRow[]): Map<string, SetKind> {
  const kinds = rows.filter(isOfSets)
  const sets = new Map<string, SetKind>()
  for (const kind of kinds) {
    const set = [kind.subject_namespace, kind.subject_relation] as const
    if (isPlain(ctx, set)) sets.set(nameOf(set), set)
  }
  for (const row of rows) if (row.conditional !== 0) sets.delete(nameOf([row.namespace, row.relation]))
  // What holds a set that is not plain is not plain either, until nothing more falls out.
  for (let before = -1; before !== sets.size; ) {
    before = sets.size
    for (const { namespace, relation, subject_namespace, subject_relation } of kinds) {
      if (!sets.has(nameOf([subject_namespace, subject_relation]))) sets.delete(nameOf([namespace, relation]))
    }
  }
  return sets
}

/** Whether the model declares a relation, or nothing at all, and makes nothing of it. */
function isPlain(ctx: Context, [namespace, relation]: SetKind): boolean {
  try {
    return relationOf(ctx, namespace, relation)?.rewrite === undefined
  } catch {
    return false
  }
}

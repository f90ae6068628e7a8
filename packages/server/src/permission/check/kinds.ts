import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { RelationTupleKindRow } from '../tables.ts'
import { nameOf } from '../tuples/name.ts'
import { listKinds } from '../tuples/store.ts'

export type SetKind = readonly [namespace: string, relation: string]

/** What tuples of a relation there are, or once were, whatever the object. */
export interface Kind {
  /** The kinds of their subjects, by name: those of ids, and of sets of one relation. */
  readonly subjects: ReadonlySet<string>
  /** Of these, the ones that have conditions. */
  readonly conditional: ReadonlySet<string>
  readonly holdsSets: boolean
  /**
   * Whether it stands in tuples as a subject set and holds, however deep, nothing but what tuples always say.
   */
  readonly isPlain: boolean
}

type Row = Omit<RelationTupleKindRow, 'conditional'>

/** What can be found in tuples at all, so that nobody asks for what is not there. */
export class Kinds {
  /** The kinds of sets that are plain. */
  readonly plainSets: readonly SetKind[]
  readonly #byNamespace = new Map<string, Map<string, Kind>>()

  constructor(ctx: Context, rows: readonly RelationTupleKindRow[]) {
    const plain = plainSets(ctx, rows)
    this.plainSets = [...plain.values()]
    const relations = [...rows.map(({ namespace, relation }) => [namespace, relation] as const), ...this.plainSets]
    for (const set of relations) {
      const own = rows.filter(({ namespace, relation }) => namespace === set[0] && relation === set[1])
      const inNamespace = this.#byNamespace.get(set[0]) ?? new Map<string, Kind>()
      this.#byNamespace.set(set[0], inNamespace)
      inNamespace.set(set[1], {
        subjects: new Set(own.map(subjectKind)),
        conditional: new Set(own.filter(({ conditional }) => conditional !== 0).map(subjectKind)),
        holdsSets: own.some(isOfSets),
        isPlain: plain.has(nameOf(set)),
      })
    }
  }

  /** Undefined where no tuple is known of a relation. */
  of(namespace: string, relation: string): Kind | undefined {
    return this.#byNamespace.get(namespace)?.get(relation)
  }

  /** Whether a tuple is of a kind that is known. */
  has(tuple: Row & { condition: string }): boolean {
    const kind = this.of(tuple.namespace, tuple.relation)
    const name = subjectKind(tuple)
    return (tuple.condition === '' ? kind?.subjects : kind?.conditional)?.has(name) ?? false
  }
}

export async function readKinds(ctx: Context): Promise<Kinds> {
  return new Kinds(ctx, await listKinds(ctx))
}

/** One text for a kind of subjects. */
export function subjectKind({
  subject_namespace,
  subject_relation,
}: Pick<Row, 'subject_namespace' | 'subject_relation'>): string {
  return nameOf([subject_namespace, subject_relation])
}

function isOfSets({ subject_namespace }: Row): boolean {
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

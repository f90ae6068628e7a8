import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { RelationTupleShapeRow } from '../tables.ts'
import { nameOf } from '../tuples/name.ts'
import { listShapes } from '../tuples/store.ts'

export type NamespaceRelation = readonly [namespace: string, relation: string]

/** What tuples of a relation exist, or once existed, whatever the object. */
export interface TupleShape {
  /** The shapes of their subjects, as `subjectShape` names them. */
  readonly subjects: ReadonlySet<string>
  /** Those of them that have conditions. */
  readonly conditional: ReadonlySet<string>
  readonly holdsUsersets: boolean
  /** Whether its members, at any depth, follow from tuples alone: no rewrite and no condition decides about them. */
  readonly isDirectUserset: boolean
}

type Row = Omit<RelationTupleShapeRow, 'conditional'>

/** What can be found in the tuples of a project at all, so that no query looks for what cannot exist. */
export class TupleShapes {
  readonly directUsersets: readonly NamespaceRelation[]
  readonly #byNamespace = new Map<string, Map<string, TupleShape>>()

  constructor(ctx: Context, rows: readonly RelationTupleShapeRow[]) {
    const direct = findDirectUsersets(ctx, rows)
    this.directUsersets = [...direct.values()]
    const relations = [...rows.map(({ namespace, relation }) => [namespace, relation] as const), ...this.directUsersets]
    for (const [namespace, relation] of relations) {
      const own = rows.filter((row) => row.namespace === namespace && row.relation === relation)
      const inNamespace = this.#byNamespace.get(namespace) ?? new Map<string, TupleShape>()
      this.#byNamespace.set(namespace, inNamespace)
      inNamespace.set(relation, {
        subjects: new Set(own.map(subjectShape)),
        conditional: new Set(own.filter(({ conditional }) => conditional !== 0).map(subjectShape)),
        holdsUsersets: own.some(isUserset),
        isDirectUserset: direct.has(nameOf([namespace, relation])),
      })
    }
  }

  /** Undefined where there is no tuple of a relation. */
  of(namespace: string, relation: string): TupleShape | undefined {
    return this.#byNamespace.get(namespace)?.get(relation)
  }

  has(tuple: Row & { condition: string }): boolean {
    const shape = this.of(tuple.namespace, tuple.relation)
    const subject = subjectShape(tuple)
    return (tuple.condition === '' ? shape?.subjects : shape?.conditional)?.has(subject) ?? false
  }
}

export async function readShapes(ctx: Context): Promise<TupleShapes> {
  return new TupleShapes(ctx, await listShapes(ctx))
}

/** The name of a subject's shape: that of ids, or that of the sets of one relation. */
export function subjectShape({
  subject_namespace,
  subject_relation,
}: Pick<Row, 'subject_namespace' | 'subject_relation'>): string {
  return nameOf([subject_namespace, subject_relation])
}

function isUserset({ subject_namespace }: Row): boolean {
  return subject_namespace !== ''
}

function findDirectUsersets(ctx: Context, rows: readonly RelationTupleShapeRow[]): Map<string, NamespaceRelation> {
  const withUsersets = rows.filter(isUserset)
  const direct = new Map<string, NamespaceRelation>()
  for (const { subject_namespace, subject_relation } of withUsersets) {
    const userset = [subject_namespace, subject_relation] as const
    if (hasNoRewrite(ctx, userset)) direct.set(nameOf(userset), userset)
  }
  for (const row of rows) if (row.conditional !== 0) direct.delete(nameOf([row.namespace, row.relation]))
  // What holds a set that is not direct is not direct either: repeated until nothing changes.
  for (let before = -1; before !== direct.size; ) {
    before = direct.size
    for (const { namespace, relation, subject_namespace, subject_relation } of withUsersets) {
      if (!direct.has(nameOf([subject_namespace, subject_relation]))) direct.delete(nameOf([namespace, relation]))
    }
  }
  return direct
}

function hasNoRewrite(ctx: Context, [namespace, relation]: NamespaceRelation): boolean {
  try {
    return relationOf(ctx, namespace, relation)?.rewrite === undefined
  } catch {
    return false
  }
}

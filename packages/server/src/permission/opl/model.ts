/** A class of a namespaces file, in the order of its declarations. */
export interface Namespace {
  readonly name: string
  /** Relations (`related`) and permissions (`permits`) share their names. If none are declared, every name is accepted. */
  readonly relations: readonly Relation[]
}

export interface Relation {
  readonly name: string
  /** The types allowed in a relation; empty for a permission. */
  readonly types: readonly RelationType[]
  /** The expression of a permission; a plain relation has none. */
  readonly rewrite?: Rewrite
}

/** A class, or, with a relation, a subject set of that class: `SubjectSet<Group, "members">`. */
export interface RelationType {
  readonly namespace: string
  readonly relation?: string
}

/** A subject set rewrite (Zanzibar, section 2.3.1). */
export type Rewrite =
  | { readonly kind: 'union' | 'intersection'; readonly children: readonly Rewrite[] }
  | { readonly kind: 'exclusion'; readonly child: Rewrite }
  /** Another relation or permission of the same object. */
  | { readonly kind: 'computed'; readonly relation: string }
  /** A relation or permission of the objects in a relation. */
  | { readonly kind: 'traverse'; readonly relation: string; readonly target: string }

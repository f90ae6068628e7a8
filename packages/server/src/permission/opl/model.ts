/** A class of a namespaces file, in the order of its declarations. */
export interface Namespace {
  readonly name: string
  /** Relations (`related`) and permissions (`permits`) share their names. None declared: every name is taken. */
  readonly relations: readonly Relation[]
}

export interface Relation {
  readonly name: string
  /** What may stand in a `related` list; empty for a permission. */
  readonly types: readonly RelationType[]
  /** What a permission is made of; a plain relation has none. */
  readonly rewrite?: Rewrite
}

/** A class, or with a relation the members of that relation: `SubjectSet<Group, "members">`. */
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
  /** A relation or permission of the objects that a relation leads to. */
  | { readonly kind: 'traverse'; readonly relation: string; readonly target: string }

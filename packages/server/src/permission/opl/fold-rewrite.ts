import type { Rewrite } from './model.ts'

/** What to make of each kind of rule; rules within a rule come as what was made of them. */
export interface RewriteCases<T> {
  computed(relation: string): T
  traverse(relation: string, target: string): T
  exclusion(child: T): T
  union(children: readonly T[]): T
  intersection(children: readonly T[]): T
}

/** Walks over a rule from the inside to the outside. */
export function foldRewrite<T>(rewrite: Rewrite, cases: RewriteCases<T>): T {
  switch (rewrite.kind) {
    case 'computed':
      return cases.computed(rewrite.relation)
    case 'traverse':
      return cases.traverse(rewrite.relation, rewrite.target)
    case 'exclusion':
      return cases.exclusion(foldRewrite(rewrite.child, cases))
    default:
      return cases[rewrite.kind](rewrite.children.map((child) => foldRewrite(child, cases)))
  }
}

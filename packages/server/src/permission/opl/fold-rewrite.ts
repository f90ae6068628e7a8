import type { Rewrite } from './model.ts'

/** One function per node type; children are passed as their folded results. */
export interface RewriteCases<T> {
  computed(relation: string): T
  traverse(relation: string, target: string): T
  exclusion(child: T): T
  union(children: readonly T[]): T
  intersection(children: readonly T[]): T
}

/** Folds a rewrite bottom-up. */
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

import { foldRewrite, type RewriteCases } from '../opl/fold-rewrite.ts'
import type { Rewrite } from '../opl/model.ts'
import type { CheckNode, Formula } from './formula.ts'

/** Where a rule is applied. */
export interface Place {
  readonly node: CheckNode
  readonly depth: number
}

export interface Expander {
  computed(place: Place, relation: string, isOwnCounted: boolean): Formula
  traverse(place: Place, relation: string, target: string): Formula
  negation(part: Formula): Formula
  limit(): Formula
}

/** A rule, ready to be applied to any object. */
interface Expansion {
  /** Whether the rule is a union or an intersection, which costs a step within another one. */
  readonly isOperator: boolean
  /** `inUnion`: the rule is one of the branches of a union. */
  expand(expander: Expander, place: Place, inUnion?: boolean): Formula
}

const expansions = new WeakMap<Rewrite, Expansion>()

export function expansionOf(rewrite: Rewrite): Expansion {
  let expansion = expansions.get(rewrite)
  if (!expansion) {
    expansion = foldRewrite(rewrite, expansionCases)
    expansions.set(rewrite, expansion)
  }
  return expansion
}

/** Each rule costs the depth that it costs with Keto. */
const expansionCases: RewriteCases<Expansion> = {
  computed: (relation) => ({
    isOperator: false,
    expand: (expander, { node, depth }, inUnion = false) =>
      expander.computed({ node, depth: inUnion ? depth - 1 : depth }, relation, inUnion),
  }),
  traverse: (relation, target) => ({
    isOperator: false,
    expand: (expander, place) => expander.traverse(place, relation, target),
  }),
  exclusion: (child) => ({
    isOperator: false,
    expand: (expander, place) => expander.negation(child.expand(expander, place)),
  }),
  union: (children) => operator('any', children),
  intersection: (children) => operator('all', children),
}

function operator(kind: 'any' | 'all', children: readonly Expansion[]): Expansion {
  return {
    isOperator: true,
    expand: (expander, { node, depth }) => {
      if (depth <= 0) return expander.limit()
      const parts = children.map((child) =>
        child.expand(expander, { node, depth: child.isOperator ? depth - 1 : depth }, kind === 'any'),
      )
      return { kind, parts }
    },
  }
}

import type { Rewrite } from './model.ts'

/** A union or an intersection while it is read. */
export interface Group {
  kind: 'union' | 'intersection'
  children: Rewrite[]
}

/** What is neither of the two. */
export type Leaf = Exclude<Rewrite, { kind: Group['kind'] }>

/**
 * How many levels a permission may have. Keto knows no such limit, but a few bytes make a level, and whoever walks a
 * permission must not run out of stack.
 */
export const mostLevels = 1000

/** Adds an operand. The first one is the group if it came in parentheses; otherwise a union around it begins. */
export function joined(group: Group | undefined, child: Group | Leaf): Group {
  if (!group) return 'children' in child ? child : { kind: 'union', children: [child] }
  group.children.push(child)
  return group
}

/**
 * A chain of one operator as one group. Groups below another operator stay as they were read, for levels cost depth
 * when a permission is checked, and Keto's answers at the limit depend on them. Chains may be long: no recursion.
 */
export function flattened(group: Group): Group {
  const children: Rewrite[] = []
  const pending: Rewrite[] = [group]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind !== group.kind) children.push(next)
    else for (const child of childrenOf(next).toReversed()) pending.push(child)
  }
  return { kind: group.kind, children }
}

export function depthOf(rewrite: Rewrite): number {
  let depth = 0
  for (let level: readonly Rewrite[] = [rewrite]; level.length > 0; level = level.flatMap(childrenOf)) depth++
  return depth
}

function childrenOf(rewrite: Rewrite): readonly Rewrite[] {
  if ('children' in rewrite) return rewrite.children
  return rewrite.kind === 'exclusion' ? [rewrite.child] : []
}

import type { Rewrite } from './model.ts'

/** A union or an intersection while it is being parsed. */
export interface Group {
  kind: 'union' | 'intersection'
  children: Rewrite[]
}

/** Any rewrite that is neither a union nor an intersection. */
export type Leaf = Exclude<Rewrite, { kind: Group['kind'] }>

/**
 * The maximum depth of a permission. Keto has no such limit, but a level costs only a few bytes of source text, and
 * recursive traversals must not overflow the stack.
 */
export const maxLevels = 1000

/** Adds an operand. If the first one is a group in parentheses, it becomes the group; otherwise a union starts. */
export function addOperand(group: Group | undefined, child: Group | Leaf): Group {
  if (!group) return 'children' in child ? child : { kind: 'union', children: [child] }
  group.children.push(child)
  return group
}

/**
 * Flattens a chain of one operator into one group. Groups below a different operator are left alone: each level counts
 * towards the depth of a check, so Keto's answers at the depth limit depend on them. Iterative, as chains may be long.
 */
export function flatten(group: Group): Group {
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

import type { ObjectRelation } from './store.ts'

/** What the answer of a node follows from. */
export type Formula =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  | { readonly kind: 'node'; readonly node: CheckNode }
  /** Beyond the limit of depth or width, or under a condition whose outcome is unknown. */
  | { readonly kind: 'unknown' }

/** A subproblem of a check: whether its subject has a relation to an object. Each is solved once. */
export interface CheckNode {
  readonly relation: ObjectRelation
  readonly name: string
  /** How many more steps may be taken from here: the maximum over all paths that lead here. */
  depth: number
  /** Whether on some path a tuple of the node's own counts even where no step is left. */
  isOwnCounted: boolean
  /** Whether the node's own tuples matter. */
  isOwnNeeded: boolean
  /** Whether one of them grants the relation to the subject; undefined until they are read. */
  own: Truth | undefined
  /** Any of these makes the node true. */
  parts: readonly Formula[]
  truth: Truth
}

/** Three-valued (Kleene's logic), since limits cut a search off. */
export type Truth = 'yes' | 'no' | 'unknown'

/**
 * Solves all nodes, given the tuples read so far. A node that rests only on itself is false (well-founded semantics of
 * logic programs: van Gelder, Ross and Schlipf 1991); one that rests on something beyond a limit is unknown, and so is
 * its negation.
 * Returns the nodes that are certainly true, each after those that it rests on.
 */
export function solve(nodes: readonly CheckNode[]): ReadonlySet<CheckNode> {
  // The certain grow from nothing and the possible shrink from everything, until neither changes.
  let bounds: Bounds = { certain: new Set(), possible: new Set(nodes) }
  for (;;) {
    const { certain } = bounds
    const possible = leastFixpoint(nodes, (node, found) => mayHold(node, { certain, possible: found }))
    const next: Bounds = {
      possible,
      certain: leastFixpoint(nodes, (node, found) => holds(node, { certain: found, possible })),
    }
    const isSame = next.certain.size === bounds.certain.size && next.possible.size === bounds.possible.size
    bounds = next
    if (isSame) break
  }
  for (const node of nodes) node.truth = bounds.certain.has(node) ? 'yes' : bounds.possible.has(node) ? 'unknown' : 'no'
  return bounds.certain
}

/** The nodes that are certainly true where no node rests on a negation, each after those that it rests on. */
export function solvePositive(nodes: readonly CheckNode[]): ReadonlySet<CheckNode> {
  const possible: ReadonlySet<CheckNode> = new Set()
  return leastFixpoint(nodes, (node, found) => holds(node, { certain: found, possible }))
}

interface Bounds {
  readonly certain: ReadonlySet<CheckNode>
  readonly possible: ReadonlySet<CheckNode>
}

/** The least set of nodes that contains every node that holds in it. */
function leastFixpoint(
  nodes: readonly CheckNode[],
  holdsIn: (node: CheckNode, found: ReadonlySet<CheckNode>) => boolean,
): Set<CheckNode> {
  const found = new Set<CheckNode>()
  for (let before = -1; before !== found.size; ) {
    before = found.size
    // Nodes stand before those that they rest on, so that going backwards settles most of them in one pass.
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i] as CheckNode
      if (!found.has(node) && holdsIn(node, found)) found.add(node)
    }
  }
  return found
}

function holds(node: CheckNode, bounds: Bounds): boolean {
  return node.own === 'yes' || node.parts.some((part) => isCertain(part, bounds))
}

function mayHold(node: CheckNode, bounds: Bounds): boolean {
  const isOpen = node.isOwnNeeded && node.own !== 'no'
  return isOpen || node.parts.some((part) => isPossible(part, bounds))
}

function isCertain(part: Formula, bounds: Bounds): boolean {
  if (part.kind === 'node') return bounds.certain.has(part.node)
  if (part.kind === 'unknown') return false
  if (part.kind === 'not') return !isPossible(part.part, bounds)
  if (part.kind === 'any') return part.parts.some((one) => isCertain(one, bounds))
  return part.parts.every((one) => isCertain(one, bounds))
}

function isPossible(part: Formula, bounds: Bounds): boolean {
  if (part.kind === 'node') return bounds.possible.has(part.node)
  if (part.kind === 'unknown') return true
  if (part.kind === 'not') return !isCertain(part.part, bounds)
  if (part.kind === 'any') return part.parts.some((one) => isPossible(one, bounds))
  return part.parts.every((one) => isPossible(one, bounds))
}

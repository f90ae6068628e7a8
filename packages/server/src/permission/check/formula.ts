import { type InterruptibleWork, isTurnOver } from '../turn.ts'
import type { ObjectRelation } from './store.ts'

/** What the answer of a node follows from. */
export type Formula =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  | { readonly kind: 'node'; readonly node: CheckNode }
  /** Beyond a limit, or under a condition whose outcome is unknown. */
  | { readonly kind: 'unknown'; readonly limit?: Limitation }

/** What kept a check from being followed to its end, as Keto names it. */
export type Limitation = 'max_depth_exceeded' | 'max_width_exceeded'

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

export function nodeFormula(node: CheckNode): Formula {
  return { kind: 'node', node }
}

/** Three-valued (Kleene's logic), since limits cut a search off. */
export type Truth = 'yes' | 'no' | 'unknown'

/** Whether one of them holds. */
export function any(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes'
  return truths.includes('unknown') ? 'unknown' : 'no'
}

export function negate(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown'
  return truth === 'yes' ? 'no' : 'yes'
}

interface Bounds {
  readonly certain: ReadonlySet<CheckNode>
  readonly possible: ReadonlySet<CheckNode>
}

const none: ReadonlySet<CheckNode> = new Set()

/**
 * Solves all nodes, given the tuples read so far. A node that rests only on itself is false (well-founded semantics of
 * logic programs: van Gelder, Ross and Schlipf 1991); one that rests on something beyond a limit is unknown, and so is
 * its negation.
 */
export class Solver implements InterruptibleWork {
  readonly #nodes: readonly CheckNode[]
  /** The certain grow from nothing and the possible shrink from everything, until neither changes. */
  #bounds: Bounds
  #possible: LeastFixpoint
  #certain: LeastFixpoint | undefined

  constructor(nodes: readonly CheckNode[]) {
    this.#nodes = nodes
    this.#bounds = { certain: none, possible: new Set(nodes) }
    this.#possible = this.#findPossible()
  }

  /** The nodes that are certainly true, each after those that it rests on. */
  get certain(): ReadonlySet<CheckNode> {
    return this.#bounds.certain
  }

  advance(): boolean {
    for (;;) {
      if (!this.#possible.advance()) return false
      this.#certain ??= this.#findCertain(this.#possible.found)
      if (!this.#certain.advance()) return false
      const next: Bounds = { possible: this.#possible.found, certain: this.#certain.found }
      const isSame =
        next.certain.size === this.#bounds.certain.size && next.possible.size === this.#bounds.possible.size
      this.#bounds = next
      if (isSame) break
      this.#possible = this.#findPossible()
      this.#certain = undefined
    }
    const { certain, possible } = this.#bounds
    for (const node of this.#nodes) node.truth = certain.has(node) ? 'yes' : possible.has(node) ? 'unknown' : 'no'
    return true
  }

  #findPossible(): LeastFixpoint {
    const { certain } = this.#bounds
    return new LeastFixpoint(this.#nodes, (node, found) => mayHold(node, { certain, possible: found }))
  }

  #findCertain(possible: ReadonlySet<CheckNode>): LeastFixpoint {
    return new LeastFixpoint(this.#nodes, (node, found) => holds(node, { certain: found, possible }))
  }
}

/** Finds the nodes that are certainly true where no node rests on a negation, each after those that it rests on. */
export function positiveFixpoint(nodes: readonly CheckNode[]): LeastFixpoint {
  return new LeastFixpoint(nodes, (node, found) => holds(node, { certain: found, possible: none }))
}

/** Finds the least set of nodes that contains every node that holds in it. */
class LeastFixpoint implements InterruptibleWork {
  readonly found = new Set<CheckNode>()
  readonly #nodes: readonly CheckNode[]
  readonly #holdsIn: (node: CheckNode, found: ReadonlySet<CheckNode>) => boolean
  /** The position in the current pass. */
  #at: number
  #foundBefore = 0

  constructor(nodes: readonly CheckNode[], holdsIn: (node: CheckNode, found: ReadonlySet<CheckNode>) => boolean) {
    this.#nodes = nodes
    this.#holdsIn = holdsIn
    this.#at = nodes.length
  }

  advance(): boolean {
    const { found } = this
    for (;;) {
      // Nodes stand before those that they rest on, so that going backwards settles most of them in one pass.
      while (this.#at > 0) {
        const node = this.#nodes[--this.#at] as CheckNode
        if (found.has(node)) continue
        if (this.#holdsIn(node, found)) found.add(node)
        if (isTurnOver(stepsFor(node))) return false
      }
      if (found.size === this.#foundBefore) return true
      this.#foundBefore = found.size
      this.#at = this.#nodes.length
    }
  }
}

/** A part takes far less than the expansion of a node, which is one step. */
function stepsFor({ parts }: CheckNode): number {
  return (parts.length + 1) / 16
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

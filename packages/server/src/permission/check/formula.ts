import type { ObjectRelation } from './store.ts'

/** What a goal is made of. */
export type Formula =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  | { readonly kind: 'goal'; readonly goal: Goal }
  /** Beyond the limit of depth or width, or under a condition that nothing decides: nobody knows. */
  | { readonly kind: 'unknown' }

/** Whether the subject of the check has a relation to an object; asked once however many ways lead there. */
export interface Goal {
  readonly relation: ObjectRelation
  readonly name: string
  /** How many more steps may be taken from here: the most that any way left. */
  depth: number
  /** Whether a way leads here on which a tuple of its own counts, however little depth is left. */
  reachedDirectly: boolean
  /** Whether a tuple says so itself; undefined until that is known, or where nobody asks. */
  direct: Truth | undefined
  /** The conditions of such tuples, as far as they were read; each empty where it always counts. */
  own?: readonly string[]
  /** Whether it was asked or is about to be. */
  directAsked: boolean
  /** Any of these makes the goal true. */
  parts: readonly Formula[]
  truth: Truth
}

/** Three-valued, since a search ends somewhere (Kleene's logic). */
export type Truth = 'yes' | 'no' | 'unknown'

/**
 * Works out every goal, given the tuples known so far. What rests only on itself is no (the well-founded semantics of
 * logic programs: van Gelder, Ross and Schlipf 1991); what rests on something that was not followed to its end is
 * unknown, and so is its negation.
 * Returns the goals that are surely true, each after those that it rests on.
 */
export function solve(goals: readonly Goal[]): ReadonlySet<Goal> {
  // What is surely true grows from nothing, what may be true shrinks from everything, until neither changes.
  let world: World = { sure: new Set(), possible: new Set(goals) }
  for (;;) {
    const { sure } = world
    const possible = least(goals, (goal, found) => mayHold(goal, { sure, possible: found }))
    const next: World = { possible, sure: least(goals, (goal, found) => holds(goal, { sure: found, possible })) }
    const same = next.sure.size === world.sure.size && next.possible.size === world.possible.size
    world = next
    if (same) break
  }
  for (const goal of goals) goal.truth = world.sure.has(goal) ? 'yes' : world.possible.has(goal) ? 'unknown' : 'no'
  return world.sure
}

/** The goals that are surely true where no goal rests on a negation, each after those that it rests on. */
export function solvePlainly(goals: readonly Goal[]): ReadonlySet<Goal> {
  const possible: ReadonlySet<Goal> = new Set()
  return least(goals, (goal, found) => holds(goal, { sure: found, possible }))
}

interface World {
  readonly sure: ReadonlySet<Goal>
  readonly possible: ReadonlySet<Goal>
}

/** The least set of goals that contains whatever holds in it. */
function least(goals: readonly Goal[], holdsIn: (goal: Goal, found: ReadonlySet<Goal>) => boolean): Set<Goal> {
  const found = new Set<Goal>()
  for (let before = -1; before !== found.size; ) {
    before = found.size
    // What goals rest on was found after them, so that going backwards settles most in one round.
    for (let i = goals.length - 1; i >= 0; i--) {
      const goal = goals[i] as Goal
      if (!found.has(goal) && holdsIn(goal, found)) found.add(goal)
    }
  }
  return found
}

function holds(goal: Goal, world: World): boolean {
  return goal.direct === 'yes' || goal.parts.some((part) => isSure(part, world))
}

function mayHold(goal: Goal, world: World): boolean {
  const open = goal.directAsked && goal.direct !== 'no'
  return open || goal.parts.some((part) => isPossible(part, world))
}

function isSure(part: Formula, world: World): boolean {
  if (part.kind === 'goal') return world.sure.has(part.goal)
  if (part.kind === 'unknown') return false
  if (part.kind === 'not') return !isPossible(part.part, world)
  if (part.kind === 'any') return part.parts.some((one) => isSure(one, world))
  return part.parts.every((one) => isSure(one, world))
}

function isPossible(part: Formula, world: World): boolean {
  if (part.kind === 'goal') return world.possible.has(part.goal)
  if (part.kind === 'unknown') return true
  if (part.kind === 'not') return !isSure(part.part, world)
  if (part.kind === 'any') return part.parts.some((one) => isPossible(one, world))
  return part.parts.every((one) => isPossible(one, world))
}

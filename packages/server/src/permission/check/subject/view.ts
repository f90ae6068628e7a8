import type { Context } from '../../../kernel/context.ts'
import { nameOf } from '../../tuples/name.ts'
import type { SubjectColumns } from '../../tuples/subject.ts'
import type { Formula, Goal } from '../formula.ts'
import type { Kinds } from '../kinds.ts'
import type { ObjectRelation } from '../store.ts'
import { type Above, readAbove } from './store.ts'

/** Whoever is in more than this, what is met again counted again, is looked for from above only. */
const mostRows = 64

/** What a subject is in, as far as tuples alone tell. */
export interface SubjectView {
  /** The conditions of its own tuples by relation, each as it is stored; undefined where they are too many. */
  readonly own: ReadonlyMap<string, readonly string[]> | undefined
  /** The steps that lead from the subject to the plain sets that it is in; undefined where they are too many. */
  readonly levels: ReadonlyMap<string, number> | undefined
  /** Whether it is in no more plain sets than those. */
  readonly complete: boolean
}

/**
 * Looks for the subject from below: its own tuples, the sets that it is in, those that these are in, and so on. A person
 * is in few groups while a group has many inside, so that this takes a look-up where the way down takes many. Of sets it
 * tells only of those that consist of tuples all the way down; what the model makes up stays with the search from above.
 * Returns the project's revision at which it was so.
 */
export async function readView(
  ctx: Context,
  subject: SubjectColumns,
  kinds: Kinds,
): Promise<{ view: SubjectView; revision: number }> {
  const { max_read_depth: levels } = ctx.config.permission.limit
  const wanted = kinds.plainSets
  const limits = { levels, most: mostRows + 1 }
  const all = await readAbove(ctx, subject, wanted, { own: 'all', ...limits })
  const { revision } = all
  if (all.rows.length <= mostRows) return { view: viewOf(all.rows, kinds, { levels, own: true }), revision }
  const sets = await readAbove(ctx, subject, wanted, { own: 'wanted', ...limits })
  const few = sets.rows.length <= mostRows
  const view = few ? viewOf(sets.rows, kinds, { levels, own: false }) : nothing
  return { view, revision: sets.revision }
}

const yes: Formula = { kind: 'all', parts: [] }
const unknown: Formula = { kind: 'unknown' }
const nothing: SubjectView = { own: undefined, levels: undefined, complete: false }

function viewOf(rows: readonly Above[], kinds: Kinds, known: { levels: number; own: boolean }): SubjectView {
  const own = new Map<string, string[]>()
  const levels = new Map<string, number>()
  for (const { level, namespace, object, relation, condition } of rows) {
    const name = nameOf([namespace, object, relation])
    if (level === 1) own.set(name, [...(own.get(name) ?? []), condition])
    if (kinds.of(namespace, relation)?.isPlain) levels.set(name, Math.min(level, levels.get(name) ?? level))
  }
  // A set on the last level may be in others, which were not looked for.
  const complete = [...levels.values()].every((level) => level < known.levels)
  return { own: known.own ? own : undefined, levels, complete }
}

/** Whether a view tells who is in a set, and whether its subject is; undefined where it cannot tell. */
export function stepsTo(
  view: SubjectView | undefined,
  kinds: Kinds | undefined,
  [namespace, , members]: ObjectRelation,
  name: string,
): number | 'none' | 'unknown' | undefined {
  if (!view?.levels || !kinds?.of(namespace, members)?.isPlain) return undefined
  return view.levels.get(name) ?? (view.complete ? 'none' : 'unknown')
}

/** Whether the subject is in a set that its view tells of. */
export function decided(goal: Goal, steps: number | 'none' | 'unknown'): readonly Formula[] {
  if (steps === 'none') return []
  if (steps === 'unknown') return [unknown]
  const within = steps === 1 ? goal.reachedDirectly || goal.depth > 1 : goal.depth >= steps
  return within ? [yes] : [unknown]
}

import type { Context } from '../../kernel/context.ts'
import {
  type ConditionCircumstances,
  type ConditionOutcome,
  evaluateCondition,
  newAllowance,
} from '../conditions/index.ts'
import { isNamespace, relationOf } from '../namespaces.ts'
import { type RelationTuple, subjectColumns } from '../tuples/subject.ts'
import { type Consistency, requireReached } from './consistency.ts'
import type { Goal, Truth } from './formula.ts'
import { Known, knownOf, subjectName } from './known.ts'
import { Moved, Search } from './search.ts'
import type { ObjectRelation } from './store.ts'

export interface CheckOptions {
  /** How many steps may be taken; zero for as many as the configuration allows. */
  readonly maxDepth?: number
  readonly consistency?: Consistency
  /** What the conditions of tuples are told. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
}

export interface Answer {
  readonly allowed: boolean
  /** The project's revision at which it is so; 0 where nothing was looked up. */
  readonly revision: number
}

/** So long something that was known to hold is taken to hold where latency counts most. */
const trustedMs = 5000
/** A search that tuples keep changing under is begun so often; then it keeps a moment of the database for itself. */
const mostAttempts = 4

/**
 * Whether the subject of a tuple has the relation to the object, by a tuple of its own, through subject sets, or as
 * the model says. What a limit kept from being found out is not allowed. It looks at what was committed: within a
 * transaction that writes tuples it would remember what may be rolled back.
 * @throws ApiError 400 where the model does not declare a relation that the answer rests on.
 */
export async function check(ctx: Context, tuple: RelationTuple, options: CheckOptions = {}): Promise<Answer> {
  const { namespace, object, relation, subject_set: set } = tuple
  if (!isNamespace(ctx, namespace) || (set && !isNamespace(ctx, set.namespace))) return { allowed: false, revision: 0 }
  const revision = await ownTupleSays(ctx, tuple, options)
  if (revision !== undefined) return { allowed: true, revision }
  const { root, search } = await searchFor(ctx, [namespace, object, relation], tuple, options)
  const allowed = root.truth === 'yes'
  if (!allowed && search.goals.fault) throw search.goals.fault
  return { allowed, revision: search.at }
}

/**
 * The revision at which one tuple says yes, which it does to most questions about a relation that the model makes
 * nothing of. Where the subject is known, a search needs no statement for it.
 */
async function ownTupleSays(ctx: Context, tuple: RelationTuple, options: CheckOptions): Promise<number | undefined> {
  const { namespace, object, relation } = tuple
  const { maxDepth = 0, consistency = 'full' } = options
  const subject = subjectColumns(tuple)
  const known = knownOf(ctx)
  if (depthOf(ctx, maxDepth) <= 1 || relationOf(ctx, namespace, relation)?.rewrite) return undefined
  if (known.view(subjectName(subject))) return undefined
  const { subject_namespace, subject_object, subject_relation } = subject
  const own = [namespace, object, relation, subject_namespace, subject_object, subject_relation] as const
  const { condition, revision } = await known.ownTuple(ctx, own)
  if (condition !== '') return undefined
  requireReached(revision, consistency)
  return revision
}

/** Searches until everything that was found belongs to one revision. */
export async function searchFor(
  ctx: Context,
  relation: ObjectRelation,
  subject: Parameters<typeof subjectColumns>[0],
  options: CheckOptions & { thorough?: boolean },
): Promise<{ root: Goal; search: Search }> {
  relationOf(ctx, relation[0], relation[2])
  const { maxDepth = 0, consistency = 'full', thorough = false } = options
  const known = knownOf(ctx)
  if (known.revision === undefined) await known.catchUp(ctx)
  const judge = judgeOf(ctx, options.context)
  const attempt = async (of: Context, known: Known, trusting: boolean) => {
    const search = new Search(of, { subject: subjectColumns(subject), known, judge, trusting, thorough })
    const root = await search.run(relation, depthOf(of, maxDepth))
    requireReached(search.at, consistency)
    return { root, search }
  }
  for (let left = mostAttempts; left > 0; left--) {
    try {
      return await attempt(ctx, known, isFresh(ctx, known, consistency))
    } catch (error) {
      if (!(error instanceof Moved)) throw error
    }
  }
  return ctx.snapshot(async (of) => {
    const own = new Known()
    await own.catchUp(of)
    return attempt(of, own, false)
  })
}

/** Whether any of some conditions holds, which are asked once each. */
function judgeOf(ctx: Context, asked: CheckOptions['context']): (conditions: readonly string[]) => Truth {
  let told: Map<string, Truth> | undefined
  let circumstances: ConditionCircumstances | undefined
  return (conditions) => {
    told ??= new Map()
    circumstances ??= { asked, now: new Date(ctx.clock.now()), allowance: newAllowance() }
    const truths = new Set<Truth>()
    for (const condition of conditions) {
      const outcome = told.get(condition) ?? truthOf(evaluateCondition(condition, circumstances))
      told.set(condition, outcome)
      truths.add(outcome)
    }
    return truths.has('yes') ? 'yes' : truths.has('unknown') ? 'unknown' : 'no'
  }
}

function truthOf(outcome: ConditionOutcome): Truth {
  return typeof outcome === 'string' ? outcome : 'unknown'
}

function isFresh(ctx: Context, known: Known, consistency: Consistency): boolean {
  if (consistency === 'full') return false
  if (consistency === 'minimize_latency') return ctx.clock.now() - known.confirmedAt <= trustedMs
  return (known.revision ?? 0) >= consistency.revision
}

/** A request may ask for less depth than the configuration allows, but not for more. */
export function depthOf(ctx: Context, asked: number): number {
  const { max_read_depth: most } = ctx.config.permission.limit
  return asked > 0 ? Math.min(asked, most) : most
}

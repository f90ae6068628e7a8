import type { Context } from '../../../kernel/context.ts'
import { nameOf } from '../../tuples/name.ts'
import type { SubjectColumns } from '../../tuples/subject.ts'
import type { CheckNode, Formula } from '../formula.ts'
import type { TupleShapes } from '../tuple-shapes.ts'
import { type AncestorRow, readAncestors } from './store.ts'

/** A subject with more ancestors, counted once for each distance, is searched for from the object only. */
const maxRows = 64

/** What a subject is a member of, as far as tuples alone tell. */
export interface SubjectClosure {
  /** The conditions of its own tuples by relation, as stored; undefined where there are too many. */
  readonly own: ReadonlyMap<string, readonly string[]> | undefined
  /** The number of steps to each direct userset that it is a member of; undefined where there are too many. */
  readonly distances: ReadonlyMap<string, number> | undefined
  /** Whether it is a member of no other direct userset. */
  readonly isComplete: boolean
}

/** A closure, and the revision at which it was read. */
export interface ReadClosure {
  readonly closure: SubjectClosure
  readonly revision: number
}

/**
 * Reads the closures of subjects, in their order: their own tuples, the sets that they are members of, those that these
 * are members of, and so on. A person is a member of few groups while a group has many members, so that this takes one
 * query where the way down from the object takes many. It covers direct usersets only; what the model rewrites is left
 * to the search from the object.
 */
export async function readClosures(
  ctx: Context,
  subjects: readonly SubjectColumns[],
  shapes: TupleShapes,
): Promise<ReadClosure[]> {
  const { max_read_depth: maxDistance } = ctx.config.permission.limit
  const most = (maxRows + 1) * subjects.length
  const options = { usersets: shapes.directUsersets, own: 'all', maxDistance, maxRows: most } as const
  const { rows, revision } = await readAncestors(ctx, subjects, options)
  const closures: ReadClosure[] = []
  for (const [i, subject] of subjects.entries()) {
    const own = rows.filter(({ question }) => question === i)
    if (rows.length < most && own.length <= maxRows) {
      closures.push({ closure: closureFrom(own, shapes, { maxDistance, hasOwn: true }), revision })
    } else if (rows.length < most || subjects.length === 1) {
      closures.push(await readMemberships(ctx, subject, shapes))
    } else {
      closures.push(...(await readClosures(ctx, [subject], shapes)))
    }
  }
  return closures
}

/** Of a subject with very many tuples, only those that make it a member of direct usersets. */
async function readMemberships(ctx: Context, subject: SubjectColumns, shapes: TupleShapes): Promise<ReadClosure> {
  const { max_read_depth: maxDistance } = ctx.config.permission.limit
  const options = { usersets: shapes.directUsersets, own: 'usersets', maxDistance, maxRows: maxRows + 1 } as const
  const { rows, revision } = await readAncestors(ctx, [subject], options)
  if (rows.length > maxRows) return { closure: noClosure, revision }
  return { closure: closureFrom(rows, shapes, { maxDistance, hasOwn: false }), revision }
}

const noClosure: SubjectClosure = { own: undefined, distances: undefined, isComplete: false }

function closureFrom(
  rows: readonly AncestorRow[],
  shapes: TupleShapes,
  { maxDistance, hasOwn }: { maxDistance: number; hasOwn: boolean },
): SubjectClosure {
  const own = new Map<string, string[]>()
  const distances = new Map<string, number>()
  for (const { distance, namespace, object, relation, condition } of rows) {
    const name = nameOf([namespace, object, relation])
    if (distance === 1) own.set(name, [...(own.get(name) ?? []), condition])
    if (shapes.of(namespace, relation)?.isDirectUserset) {
      distances.set(name, Math.min(distance, distances.get(name) ?? distance))
    }
  }
  // A set at the greatest distance may be a member of others, which were not read.
  const isComplete = [...distances.values()].every((distance) => distance < maxDistance)
  return { own: hasOwn ? own : undefined, distances, isComplete }
}

/** The distance of the subject to a set, or that there is no path; undefined where the closure does not cover the set. */
export function distanceTo(
  closure: SubjectClosure | undefined,
  shapes: TupleShapes | undefined,
  { relation: [namespace, , relation], name }: Pick<CheckNode, 'relation' | 'name'>,
): number | 'none' | 'unknown' | undefined {
  if (!closure?.distances || !shapes?.of(namespace, relation)?.isDirectUserset) return undefined
  return closure.distances.get(name) ?? (closure.isComplete ? 'none' : 'unknown')
}

const yes: Formula = { kind: 'all', parts: [] }
const unknown: Formula = { kind: 'unknown' }

/** What a node follows from where the distance is known: the limit of depth counts as it does without a closure. */
export function partsByDistance(node: CheckNode, distance: number | 'none' | 'unknown'): readonly Formula[] {
  if (distance === 'none') return []
  if (distance === 'unknown') return [unknown]
  const isWithin = distance === 1 ? node.isOwnCounted || node.depth > 1 : node.depth >= distance
  return isWithin ? [yes] : [unknown]
}

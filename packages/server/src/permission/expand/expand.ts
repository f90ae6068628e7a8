import type { ExpandedPermissionTree } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { depthOf } from '../check/check.ts'
import type { ObjectRelation } from '../check/store.ts'
import { requireNamespace } from '../namespaces.ts'
import { nameOf } from '../tuples/name.ts'
import { storable } from '../tuples/parse.ts'
import { type Subject, type SubjectColumns, subjectOf } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { expandByRules } from './by-rules.ts'
import { readLevel, stepsPerMember } from './read-level.ts'

/** However deep checks may go: a deeper tree could not be written as JSON. */
const maxLevels = 1000

/**
 * The members of a subject set: by its tuples, as with Keto, unless the configuration asks for the rules of the model.
 * There is one statement for each level of the tree. A set that occurred before, is beyond the depth, or follows the last member for which the tree has room,
 * is a leaf. Undefined where it is empty.
 * @throws ApiError 404 where the namespace is not in the model, 400 for a name that no tuple can have.
 */
export async function expand(
  ctx: Context,
  [namespace, object, relation]: ObjectRelation,
  maxDepth: number,
): Promise<ExpandedPermissionTree | undefined> {
  requireNamespace(ctx, namespace)
  const set = [storable(namespace), storable(object), storable(relation)] as const
  const depth = Math.min(depthOf(ctx, maxDepth), maxLevels)
  const { max_expand_size: size } = ctx.config.permission.limit
  if (ctx.config.permission.expandRewrites) return expandByRules(ctx, set, { depth, size })
  const members = await readLevels(ctx, set, { depth, size })
  await nextTurn()
  return treeOf(set, depth, { members, shown: new Set(), room: size })
}

type Members = ReadonlyMap<string, readonly SubjectColumns[]>

/** Of each level, no more members are read than the tree has room for. */
async function readLevels(
  ctx: Context,
  root: ObjectRelation,
  { depth, size }: { depth: number; size: number },
): Promise<Members> {
  const members = new Map<string, SubjectColumns[]>()
  let level: ObjectRelation[] = [root]
  for (let rest = depth; rest >= 1 && level.length > 0; rest--) {
    for (const set of level) members.set(nameOf(set), [])
    const next = new Map<string, ObjectRelation>()
    // One member shows that a set is not empty, whatever the size.
    const rows = await readLevel(ctx, level, Math.max(1, size))
    for (const { question, ...subject } of rows) {
      if (isTurnOver(stepsPerMember)) await nextTurn()
      const of = level[question]
      if (!of) continue
      members.get(nameOf(of))?.push(subject)
      const found = setOf(subject)
      if (found && !members.has(nameOf(found))) next.set(nameOf(found), found)
    }
    level = [...next.values()]
  }
  return members
}

interface Drawing {
  readonly members: Members
  readonly shown: Set<string>
  /** How many more members the tree has room for. */
  room: number
}

function treeOf(set: ObjectRelation, rest: number, from: Drawing): ExpandedPermissionTree | undefined {
  const name = nameOf(set)
  if (from.shown.has(name)) return undefined
  from.shown.add(name)
  const members = from.members.get(name) ?? []
  if (members.length === 0) return undefined
  const [namespace, object, relation] = set
  const own = nodeOf('union', { subject_set: { namespace, object, relation } })
  if (rest <= 1 || from.room === 0) return { ...own, type: 'leaf' }
  const drawn = members.slice(0, from.room)
  from.room -= drawn.length
  const children = drawn.map((subject) => {
    const inner = setOf(subject)
    return (inner && treeOf(inner, rest - 1, from)) ?? nodeOf('leaf', subjectOf(subject))
  })
  return { ...own, children }
}

function nodeOf(type: 'union' | 'leaf', subject: Subject): ExpandedPermissionTree {
  return { type, tuple: { namespace: '', object: '', relation: '', ...subject } }
}

function setOf({ subject_namespace: namespace, subject_object: object, subject_relation: relation }: SubjectColumns) {
  return namespace === '' ? undefined : ([namespace, object, relation] as const)
}

import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { listShapes } from '../tuples/store.ts'

/** A relation of a namespace, whatever the object. */
export type Kind = readonly [namespace: string, relation: string]

/** A kind of relation and what can bring it about, apart from a tuple that names the subject itself. */
export interface Ground {
  readonly kind: Kind
  readonly rewrite: Rewrite | undefined
  /** Relations of the same object. */
  readonly computed: readonly Kind[]
  /** The kinds of subject sets that have this relation in tuples. */
  readonly sets: readonly Kind[]
  readonly traversed: readonly Traversed[]
}

/** A relation of the objects that another relation leads to. */
export interface Traversed {
  /** The relation that leads there. */
  readonly over: string
  /** The relation of the subject sets that stand there; it does not count, but an index needs it. */
  readonly held: string
  readonly to: Kind
}

/** All that a relation can rest on, itself included. */
export interface Grounds {
  readonly byName: ReadonlyMap<string, Ground>
  /**
   * Whether somebody of whom no tuple tells may have the relation, since a rule says who is left out. Otherwise a way
   * of `computed`, `sets` and `traversed` leads from everybody who has it to a tuple that names them as its subject.
   */
  readonly open: boolean
}

/** What a relation rests on by the model and by the kinds of tuples there are; what is excluded brings nothing about. */
export async function readGrounds(ctx: Context, asked: Kind): Promise<Grounds> {
  const held = setsByRelation(await listShapes(ctx))
  const byName = new Map<string, Ground>()
  const queue: Kind[] = [asked]
  for (let kind = queue.pop(); kind; kind = queue.pop()) {
    if (byName.has(nameOf(kind))) continue
    const ground = groundOf(ctx, kind, held)
    byName.set(nameOf(kind), ground)
    queue.push(...ground.computed, ...ground.sets, ...ground.traversed.map(({ to }) => to))
  }
  return { byName, open: openKinds([...byName.values()]).has(nameOf(asked)) }
}

type Held = ReadonlyMap<string, readonly Kind[]>

function setsByRelation(rows: Awaited<ReturnType<typeof listShapes>>): Held {
  const held = new Map<string, Kind[]>()
  for (const { namespace, relation, subject_namespace, subject_relation } of rows) {
    if (subject_namespace === '') continue
    const name = nameOf([namespace, relation])
    const sets = held.get(name) ?? []
    sets.push([subject_namespace, subject_relation])
    held.set(name, sets)
  }
  return held
}

function groundOf(ctx: Context, kind: Kind, held: Held): Ground {
  const [namespace] = kind
  const rewrite = rewriteOf(ctx, kind)
  const rules = rewrite ? bringing(rewrite) : []
  return {
    kind,
    rewrite,
    computed: rules.flatMap((rule) => (rule.kind === 'computed' ? [[namespace, rule.relation] as const] : [])),
    sets: held.get(nameOf(kind)) ?? [],
    traversed: rules.flatMap((rule) => {
      if (rule.kind !== 'traverse') return []
      const sets = held.get(nameOf([namespace, rule.relation])) ?? []
      return sets.map(([of, relation]) => ({ over: rule.relation, held: relation, to: [of, rule.target] as const }))
    }),
  }
}

/** At a relation that the model does not declare a check goes no further than its own tuples. */
function rewriteOf(ctx: Context, [namespace, relation]: Kind): Rewrite | undefined {
  try {
    return relationOf(ctx, namespace, relation)?.rewrite
  } catch {
    return undefined
  }
}

/** The rules within a rule that can bring it about: all but those that leave somebody out. */
function bringing(rule: Rewrite): (Rewrite & { kind: 'computed' | 'traverse' })[] {
  if (rule.kind === 'exclusion') return []
  if ('children' in rule) return rule.children.flatMap(bringing)
  return [rule]
}

/** The kinds that may hold without any tuple about the subject: the least set that contains whatever rests on it. */
function openKinds(grounds: readonly Ground[]): Set<string> {
  const open = new Set<string>()
  const isOpen = (kind: Kind) => open.has(nameOf(kind))
  for (let before = -1; before !== open.size; ) {
    before = open.size
    // What a kind rests on was found after it, so that going backwards settles most in one round.
    for (const ground of grounds.toReversed()) {
      const { kind, rewrite, sets } = ground
      if (sets.some(isOpen) || (rewrite && holdsOpenly(rewrite, ground, isOpen))) open.add(nameOf(kind))
    }
  }
  return open
}

function holdsOpenly(rule: Rewrite, ground: Ground, isOpen: (kind: Kind) => boolean): boolean {
  if (rule.kind === 'exclusion') return true
  if (rule.kind === 'computed') return isOpen([ground.kind[0], rule.relation])
  if (rule.kind === 'traverse') {
    return ground.traversed.some(({ over, to }) => over === rule.relation && to[1] === rule.target && isOpen(to))
  }
  const each = (child: Rewrite) => holdsOpenly(child, ground, isOpen)
  return rule.kind === 'union' ? rule.children.some(each) : rule.children.every(each)
}

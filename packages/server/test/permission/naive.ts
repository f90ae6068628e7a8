import type { Namespace, Rewrite } from '../../src/permission/opl/model.ts'
import type { RelationTuple } from '../../src/permission/tuples/subject.ts'

type Truth = 'yes' | 'no' | 'unknown'

/**
 * The whole truth about a few tuples, worked out without any cleverness: for every relation of every object at once,
 * with no limit. What the engine says is held against it.
 */
export function naiveTruth(
  namespaces: readonly Namespace[],
  tuples: readonly RelationTuple[],
  { subject, objects }: { subject: Pick<RelationTuple, 'subject_id' | 'subject_set'>; objects: readonly string[] },
): (namespace: string, object: string, relation: string) => Truth {
  const places = placesOf(namespaces, tuples, objects)
  let [sure, possible] = [new Set<string>(), new Set(places.keys())]
  for (let changes = true; changes; ) {
    const before = sure.size - possible.size
    possible = grow(places, (place, found) => holds(place, [found, sure], tuples.filter(mayCount)))
    sure = grow(places, (place, found) => holds(place, [found, possible], tuples.filter(counts)))
    changes = before !== sure.size - possible.size
  }
  return (...name) => (sure.has(name.join(' ')) ? 'yes' : possible.has(name.join(' ')) ? 'unknown' : 'no')

  function holds(
    [namespace, object, relation]: Place,
    worlds: [Set<string>, Set<string>],
    on: readonly RelationTuple[],
  ) {
    const own = on.filter((t) => t.namespace === namespace && t.object === object && t.relation === relation)
    const rule = namespaces.find(({ name }) => name === namespace)?.relations.find(({ name }) => name === relation)
    return (
      own.some((t) => sameSubject(t, subject)) ||
      own.some(({ subject_set: set }) => set && worlds[0].has(`${set.namespace} ${set.object} ${set.relation}`)) ||
      (rule?.rewrite !== undefined && follows(rule.rewrite, [namespace, object, relation], { worlds, on }))
    )
  }

  function follows(
    rule: Rewrite,
    place: Place,
    { worlds: [same, other], on }: { worlds: [Set<string>, Set<string>]; on: readonly RelationTuple[] },
  ): boolean {
    const [namespace, object] = place
    if (rule.kind === 'computed') return same.has(`${namespace} ${object} ${rule.relation}`)
    // What must surely not be is looked for in what may be, and the other way round.
    const opposite = on.every(counts) ? tuples.filter(mayCount) : tuples.filter(counts)
    if (rule.kind === 'exclusion') return !follows(rule.child, place, { worlds: [other, same], on: opposite })
    if (rule.kind !== 'traverse') {
      const each = (child: Rewrite) => follows(child, place, { worlds: [same, other], on })
      return rule.kind === 'union' ? rule.children.some(each) : rule.children.every(each)
    }
    return on.some(
      ({ subject_set: set, ...t }) =>
        [t.namespace, t.object, t.relation].join(' ') === `${namespace} ${object} ${rule.relation}` &&
        set !== undefined &&
        same.has(`${set.namespace} ${set.object} ${rule.target}`),
    )
  }
}

/** The conditions of worlds are variables of which `yes` and `no` are given. */
function counts({ condition }: RelationTuple): boolean {
  return condition === undefined || condition.expression === 'yes'
}

function mayCount({ condition }: RelationTuple): boolean {
  return condition?.expression !== 'no'
}

type Place = [namespace: string, object: string, relation: string]

/** Every relation of every object. */
function placesOf(
  namespaces: readonly Namespace[],
  tuples: readonly RelationTuple[],
  objects: readonly string[],
): Map<string, Place> {
  const relations = [
    ...namespaces.flatMap((one) => one.relations.map(({ name }) => name)),
    ...tuples.flatMap((t) => [t.relation, t.subject_set?.relation ?? '']),
  ]
  const places = new Map<string, Place>()
  for (const { name } of namespaces) {
    for (const object of objects) {
      for (const relation of new Set(relations))
        places.set([name, object, relation].join(' '), [name, object, relation])
    }
  }
  return places
}

function grow(places: Map<string, Place>, holds: (place: Place, found: Set<string>) => boolean): Set<string> {
  const found = new Set<string>()
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const [name, place] of places) if (holds(place, found)) found.add(name)
  }
  return found
}

function sameSubject(
  a: Pick<RelationTuple, 'subject_id' | 'subject_set'>,
  b: Pick<RelationTuple, 'subject_id' | 'subject_set'>,
): boolean {
  return JSON.stringify([a.subject_id, a.subject_set]) === JSON.stringify([b.subject_id, b.subject_set])
}

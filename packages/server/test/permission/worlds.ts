import fc from 'fast-check'
import type { Namespace, Rewrite } from '../../src/permission/opl/model.ts'
import type { RelationTuple, Subject } from '../../src/permission/tuples/subject.ts'

/** A model with tuples, and whom to ask about. Names are few, so that things meet. */
export interface World {
  namespaces: Namespace[]
  tuples: RelationTuple[]
  subject: Subject
}

const classes = ['A', 'B'] as const
const related = ['r', 's', 't'] as const
const permits = ['p', 'q', 'v'] as const
export const relations = [...related, ...permits]
export const objects = ['1', '2', '3'] as const

const { rule } = fc.letrec<{ rule: Rewrite; leaf: Rewrite }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ kind: fc.constant('computed' as const), relation: fc.constantFrom(...relations) }),
    fc.record({
      kind: fc.constant('traverse' as const),
      relation: fc.constantFrom(...related),
      target: fc.constantFrom(...relations),
    }),
  ),
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('union' as const, 'intersection' as const),
      children: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('exclusion' as const), child: tie('rule') }),
  ),
}))

const permission = rule.map(
  (one): Rewrite => (one.kind === 'union' || one.kind === 'intersection' ? one : { kind: 'union', children: [one] }),
)

const namespace = (name: string) =>
  fc.tuple(permission, permission, permission).map(
    (rules): Namespace => ({
      name,
      relations: [
        ...related.map((one) => ({ name: one, types: [] })),
        ...permits.map((one, i) => ({ name: one, types: [], rewrite: rules[i] as Rewrite })),
      ],
    }),
  )

/** The relations whose members may be subjects: in many worlds only some, as in life. */
const members = fc.oneof(fc.constant(['r']), fc.constant(['', ...related]), fc.constant(['', ...related, ...permits]))

export const subjects = (relations: readonly string[]): fc.Arbitrary<Subject> => {
  const set = fc.record({
    namespace: fc.constantFrom(...classes),
    object: fc.constantFrom(...objects),
    relation: fc.constantFrom(...relations),
  })
  return fc.oneof(
    fc.constantFrom('ann', 'ben').map((id) => ({ subject_id: id })),
    { arbitrary: set.map((subject) => ({ subject_set: subject })), weight: 2 },
  )
}

const tuples = (relations: readonly string[]) =>
  fc
    .record({
      namespace: fc.constantFrom(...classes),
      object: fc.constantFrom(...objects),
      relation: fc.constantFrom(...related, ...related, ...permits),
    })
    .chain((place) => subjects(relations).map((one): RelationTuple => ({ ...place, ...one })))

/** What questions about worlds tell conditions: `perhaps` is missing. */
export const context = { yes: true, no: false }

/** In half of the worlds some tuples have a condition. */
const conditions = fc.oneof(
  fc.constant([undefined]),
  fc.constant([undefined, undefined, ...['yes', 'no', 'perhaps'].map((expression) => ({ expression }))]),
)

const conditional = (tuple: fc.Arbitrary<RelationTuple>) =>
  conditions.chain((of) =>
    fc.array(
      fc.tuple(tuple, fc.constantFrom(...of)).map(([one, condition]) => (condition ? { ...one, condition } : one)),
      { maxLength: 14 },
    ),
  )

export const worlds: fc.Arbitrary<World> = members.chain((relations) =>
  fc.record({
    namespaces: fc.tuple(namespace('A'), namespace('B')),
    tuples: conditional(tuples(relations)),
    subject: subjects(relations),
  }),
)

import Type, { type Static, type TSchema } from 'typebox'
import { AnyObject, OneOf } from '../schema.ts'
import { Relationship, SubjectSet } from './models.ts'

export type ExplainPermissionBody = Static<typeof ExplainPermissionBody>
/** Exactly one subject is given. */
export const ExplainPermissionBody = Type.Object(
  {
    namespace: Type.String(),
    object: Type.String(),
    relation: Type.String(),
    subject_id: Type.Optional(Type.String()),
    subject_set: Type.Optional(SubjectSet),
    max_depth: Type.Optional(Type.Integer({ format: 'int64', minimum: 1 })),
    context: Type.Optional(AnyObject()),
  },
  { title: 'explainPermissionBody', additionalProperties: false },
)

const kinds = [
  'relation',
  'relationship',
  'union',
  'intersection',
  'exclusion',
  'traversal',
  'limit',
  'undeclared',
  'above',
] as const
const outcomes = ['allowed', 'denied', 'unknown'] as const

export type ExplainedCondition = Static<typeof ExplainedCondition>
/** What a relationship's condition said. */
export const ExplainedCondition = Type.Object(
  {
    outcome: OneOf([...outcomes]),
    /** Variables that the context lacks. */
    missing: Type.Optional(Type.Array(Type.String())),
    fault: Type.Optional(Type.String()),
  },
  { title: 'explainedCondition' },
)

/**
 * One step of an answer. `relation`: whether the subject has a relation to an object, and through what. `relationship`:
 * one that is there (or, where it is denied and has no children, one that is not). `union`, `intersection` and
 * `exclusion`: a rule of the model. `traversal`: a relation of the objects that a relation leads to. `limit`: what lies
 * beyond the depth, the width or this tree was not looked at. `undeclared`: the model has no such relation. `above`: what
 * stands further up in the tree already.
 */
export type PermissionExplanation = {
  kind: (typeof kinds)[number]
  outcome: (typeof outcomes)[number]
  relation?: SubjectSet
  relationship?: Relationship
  condition?: ExplainedCondition
  children?: PermissionExplanation[]
}

export const PermissionExplanation = Type.Unsafe<PermissionExplanation>(
  Type.Object(
    {
      kind: OneOf([...kinds]),
      outcome: OneOf([...outcomes]),
      relation: Type.Optional(SubjectSet),
      relationship: Type.Optional(Relationship),
      condition: Type.Optional(ExplainedCondition),
      children: Type.Optional(Type.Array(Type.Unsafe<TSchema>({ $ref: '#/components/schemas/permissionExplanation' }))),
    },
    { title: 'permissionExplanation' },
  ),
)

export type ExplainedPermission = Static<typeof ExplainedPermission>
/** An answer with its reason: the path that allowed it, or everything that was missing. */
export const ExplainedPermission = Type.Object(
  { allowed: Type.Boolean(), explanation: PermissionExplanation },
  { title: 'explainedPermission' },
)

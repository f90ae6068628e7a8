import Type, { type Static, type TSchema } from 'typebox'
import { AnyObject, OneOf } from '../schema.ts'
import { Relationship, SubjectSet } from './models.ts'

export type ExplainPermissionBody = Static<typeof ExplainPermissionBody>
/** Requires exactly one of `subject_id` and `subject_set`. */
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
/** The result of evaluating a relationship's condition. */
export const ExplainedCondition = Type.Object(
  {
    outcome: OneOf([...outcomes]),
    /** Variables of the expression that the context does not define. */
    missing: Type.Optional(Type.Array(Type.String())),
    fault: Type.Optional(Type.String()),
  },
  { title: 'explainedCondition' },
)

/**
 * A step in the evaluation of a check. `relation`: whether the subject has a relation to an object, and why.
 * `relationship`: a stored relationship, or a missing one if it is denied and has no children. `union`, `intersection`
 * and `exclusion`: a rewrite rule of the model. `traversal`: a relation of the objects that another relation refers to
 * (tuple to subject set). `limit`: not evaluated because of the limit on depth, width or the size of this tree.
 * `undeclared`: the model does not declare the relation. `above`: the same as an ancestor, not evaluated again.
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
/** The result of a check and its explanation: the path that allowed it, or all paths that were tried. */
export const ExplainedPermission = Type.Object(
  { allowed: Type.Boolean(), explanation: PermissionExplanation },
  { title: 'explainedPermission' },
)

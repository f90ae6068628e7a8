import Type, { type Static, type TSchema } from 'typebox'
import { AnyObject, DateTime, Int64, OneOf } from '../schema.ts'

export type SubjectSet = Static<typeof SubjectSet>
/** All subjects that have a relation to an object. */
export const SubjectSet = Type.Object(
  { namespace: Type.String(), object: Type.String(), relation: Type.String() },
  { title: 'subjectSet' },
)

export type RelationshipCondition = Static<typeof RelationshipCondition>
/**
 * A CEL expression; the relationship applies if it evaluates to true. Its variables are the stored context, the context
 * of the request, and `now`. A Latchkey extension that Keto does not have.
 */
export const RelationshipCondition = Type.Object(
  {
    expression: Type.String({ maxLength: 1000 }),
    context: Type.Optional(AnyObject()),
  },
  { title: 'relationshipCondition' },
)

/** The subject is either `subject_id` or `subject_set`. */
const tuple = {
  namespace: Type.String(),
  object: Type.String(),
  relation: Type.String(),
  subject_id: Type.Optional(Type.String()),
  subject_set: Type.Optional(SubjectSet),
}

export type Relationship = Static<typeof Relationship>
/** A relation tuple: the subject has the relation to the object (Zanzibar paper, section 2.1). */
export const Relationship = Type.Object(
  { ...tuple, condition: Type.Optional(RelationshipCondition) },
  { title: 'relationship' },
)

const open = Type.Partial(Type.Object(tuple)).properties

export type CreateRelationshipBody = Static<typeof CreateRelationshipBody>
export const CreateRelationshipBody = Type.Object(
  { ...open, condition: Type.Optional(RelationshipCondition) },
  { title: 'createRelationshipBody' },
)
/** Variables for the conditions of relationships. A Latchkey extension that Keto does not have. */
const context = Type.Optional(AnyObject())
export const PostCheckPermissionBody = Type.Object({ ...open, context }, { title: 'postCheckPermissionBody' })
export const PostCheckPermissionOrErrorBody = Type.Object(
  { ...open, context },
  { title: 'postCheckPermissionOrErrorBody' },
)

export type RelationshipPatch = Static<typeof RelationshipPatch>
export const RelationshipPatch = Type.Object(
  {
    action: Type.Optional(OneOf(['insert', 'delete'])),
    relation_tuple: Type.Optional(Relationship),
  },
  { title: 'relationshipPatch' },
)

export type Relationships = Static<typeof Relationships>
export const Relationships = Type.Object(
  {
    relation_tuples: Type.Optional(Type.Array(Relationship)),
    next_page_token: Type.Optional(Type.String()),
  },
  { title: 'relationships' },
)

/** The insertion or deletion of a relationship. A Latchkey extension that Keto does not have. */
export const RelationshipChange = Type.Object(
  { action: OneOf(['insert', 'delete']), relation_tuple: Relationship, changed_at: DateTime },
  { title: 'relationshipChange' },
)

export type RelationshipChanges = Static<typeof RelationshipChanges>
/**
 * Changes in the order in which they were made. `snaptoken` is the state after them, to request the next page. If
 * `has_more` is true, the next page is available now, even if no change of this page matched the namespace.
 */
export const RelationshipChanges = Type.Object(
  { changes: Type.Array(RelationshipChange), snaptoken: Type.String(), has_more: Type.Boolean() },
  { title: 'relationshipChanges' },
)

export const RelationshipNamespace = Type.Object({ name: Type.Optional(Type.String()) }, { title: 'namespace' })

export type RelationshipNamespaces = Static<typeof RelationshipNamespaces>
export const RelationshipNamespaces = Type.Object(
  { namespaces: Type.Optional(Type.Array(RelationshipNamespace)) },
  { title: 'relationshipNamespaces' },
)

export type CheckPermissionResult = Static<typeof CheckPermissionResult>
export const CheckPermissionResult = Type.Object({ allowed: Type.Boolean() }, { title: 'checkPermissionResult' })

export type CheckPermissionResultWithError = Static<typeof CheckPermissionResultWithError>
export const CheckPermissionResultWithError = Type.Object(
  { allowed: Type.Boolean(), error: Type.Optional(Type.String()) },
  { title: 'checkPermissionResultWithError' },
)

export type BatchCheckPermissionBody = Static<typeof BatchCheckPermissionBody>
export const BatchCheckPermissionBody = Type.Object(
  { tuples: Type.Optional(Type.Array(Relationship)), context },
  { title: 'batchCheckPermissionBody' },
)

export type BatchCheckPermissionResult = Static<typeof BatchCheckPermissionResult>
export const BatchCheckPermissionResult = Type.Object(
  { results: Type.Array(CheckPermissionResultWithError) },
  { title: 'batchCheckPermissionResult' },
)

/** The maximum depth of the check of each candidate, capped by the configuration. */
const MaxDepth = Type.Optional(Type.Integer({ format: 'int64', minimum: 1 }))

export type ExpandedPermissionTree = {
  type:
    | 'union'
    | 'exclusion'
    | 'intersection'
    | 'leaf'
    | 'tuple_to_subject_set'
    | 'computed_subject_set'
    | 'not'
    | 'unspecified'
  tuple?: Relationship
  children?: ExpandedPermissionTree[]
}
/** The members of a subject set as a tree of subjects and set operations. */
export const ExpandedPermissionTree = Type.Unsafe<ExpandedPermissionTree>(
  Type.Object(
    {
      type: OneOf([
        'union',
        'exclusion',
        'intersection',
        'leaf',
        'tuple_to_subject_set',
        'computed_subject_set',
        'not',
        'unspecified',
      ]),
      tuple: Type.Optional(Relationship),
      children: Type.Optional(
        Type.Array(Type.Unsafe<TSchema>({ $ref: '#/components/schemas/expandedPermissionTree' })),
      ),
    },
    { title: 'expandedPermissionTree' },
  ),
)

export type ListPermissionObjectsBody = Static<typeof ListPermissionObjectsBody>
/** Requires exactly one of `subject_id` and `subject_set`. */
export const ListPermissionObjectsBody = Type.Object(
  {
    namespace: Type.String(),
    relation: Type.String(),
    subject_id: Type.Optional(Type.String()),
    subject_set: Type.Optional(SubjectSet),
    max_depth: MaxDepth,
    context,
  },
  { title: 'listPermissionObjectsBody', additionalProperties: false },
)

export type PermissionObjects = Static<typeof PermissionObjects>
export const PermissionObjects = Type.Object(
  { objects: Type.Array(Type.String()), next_page_token: Type.String() },
  { title: 'permissionObjects' },
)

export type ListPermissionSubjectsBody = Static<typeof ListPermissionSubjectsBody>
/** Lists subject ids without `subject_namespace`, and subject sets of that namespace with it. */
export const ListPermissionSubjectsBody = Type.Object(
  {
    namespace: Type.String(),
    object: Type.String(),
    relation: Type.String(),
    subject_namespace: Type.Optional(Type.String()),
    subject_relation: Type.Optional(Type.String()),
    max_depth: MaxDepth,
    context,
  },
  { title: 'listPermissionSubjectsBody', additionalProperties: false },
)

/** Either a subject id or a subject set. */
export const PermissionSubject = Type.Object(
  { subject_id: Type.Optional(Type.String()), subject_set: Type.Optional(SubjectSet) },
  { title: 'permissionSubject' },
)

export type PermissionSubjects = Static<typeof PermissionSubjects>
export const PermissionSubjects = Type.Object(
  { subjects: Type.Array(PermissionSubject), next_page_token: Type.String() },
  { title: 'permissionSubjects' },
)

export const SourcePosition = Type.Object(
  { Line: Type.Optional(Int64), column: Type.Optional(Int64) },
  { title: 'SourcePosition' },
)

export const ParseError = Type.Object(
  {
    message: Type.Optional(Type.String()),
    start: Type.Optional(SourcePosition),
    end: Type.Optional(SourcePosition),
  },
  { title: 'ParseError' },
)

export type CheckOplSyntaxResult = Static<typeof CheckOplSyntaxResult>
export const CheckOplSyntaxResult = Type.Object(
  { errors: Type.Optional(Type.Array(ParseError)) },
  { title: 'checkOplSyntaxResult' },
)

export const CheckOplSyntaxBody = Type.String({ title: 'checkOplSyntaxBody' })

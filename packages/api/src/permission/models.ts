import Type, { type Static, type TSchema } from 'typebox'
import { AnyObject, DateTime, Int64, OneOf } from '../schema.ts'

export type SubjectSet = Static<typeof SubjectSet>
/** Everybody who has a relation to an object. */
export const SubjectSet = Type.Object(
  { namespace: Type.String(), object: Type.String(), relation: Type.String() },
  { title: 'subjectSet' },
)

export type RelationshipCondition = Static<typeof RelationshipCondition>
/**
 * When a relationship counts: an expression in CEL that gives true. Its variables are the values kept here, those that
 * come with a question, and `now`. Latchkey's own; not in Keto.
 */
export const RelationshipCondition = Type.Object(
  {
    expression: Type.String({ maxLength: 1000 }),
    context: Type.Optional(AnyObject()),
  },
  { title: 'relationshipCondition' },
)

/** Its subject is an id or a set. */
const tuple = {
  namespace: Type.String(),
  object: Type.String(),
  relation: Type.String(),
  subject_id: Type.Optional(Type.String()),
  subject_set: Type.Optional(SubjectSet),
}

export type Relationship = Static<typeof Relationship>
/** A relation tuple: the subject has the relation to the object (Zanzibar, section 2.1). */
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
/** What the conditions of relationships are told. Latchkey's own; not in Keto. */
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

/** What became of a relationship, and when. Latchkey's own; not in Keto. */
export const RelationshipChange = Type.Object(
  { action: OneOf(['insert', 'delete']), relation_tuple: Relationship, changed_at: DateTime },
  { title: 'relationshipChange' },
)

export type RelationshipChanges = Static<typeof RelationshipChanges>
/**
 * Changes in the order in which they were made. `snaptoken` is the state after them, from which to go on; while
 * `has_more` says so there is more to read at once, also where there is none that was asked for in this part.
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

/** How many steps a check of each may take; the configuration bounds it. */
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
/** Who a subject set is made of, and how. */
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
/** Exactly one subject is given. */
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
/** Without a namespace of subjects ids are meant; with one, sets of its objects. */
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

/** Who may: an id, or all who are in a set. */
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

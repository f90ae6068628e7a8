import Type from 'typebox'
import { operation } from '../contract.ts'
import { TokenPaging } from '../parameters.ts'
import { Int64, OneOf } from '../schema.ts'
import { ExplainedPermission, ExplainPermissionBody } from './explanation.ts'
import {
  BatchCheckPermissionBody,
  BatchCheckPermissionResult,
  CheckOplSyntaxBody,
  CheckOplSyntaxResult,
  CheckPermissionResult,
  CreateRelationshipBody,
  ExpandedPermissionTree,
  ListPermissionObjectsBody,
  ListPermissionSubjectsBody,
  PermissionObjects,
  PermissionSubjects,
  PostCheckPermissionBody,
  PostCheckPermissionOrErrorBody,
  Relationship,
  RelationshipChanges,
  RelationshipNamespaces,
  RelationshipPatch,
  Relationships,
} from './models.ts'

/** A relation tuple, or part of one, as query parameters. */
const TupleQuery = {
  namespace: Type.Optional(Type.String()),
  object: Type.Optional(Type.String()),
  relation: Type.Optional(Type.String()),
  subject_id: Type.Optional(Type.String()),
  'subject_set.namespace': Type.Optional(Type.String()),
  'subject_set.object': Type.Optional(Type.String()),
  'subject_set.relation': Type.Optional(Type.String()),
}

/** The required consistency of the result (Zanzibar paper: zookies). A Latchkey extension that Keto does not have. */
const Freshness = {
  consistency: Type.Optional(OneOf(['full', 'at_least', 'minimize_latency'])),
  snaptoken: Type.Optional(Type.String()),
}

const MaxDepth = { 'max-depth': Type.Optional(Int64) }

export const getRelationships = operation({
  id: 'getRelationships',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/relation-tuples',
  summary: 'List relationships that match a query',
  query: Type.Object({ ...TokenPaging, ...TupleQuery, ...Freshness }),
  returns: { 200: Relationships },
  errors: [404],
})

export const createRelationship = operation({
  id: 'createRelationship',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-write'],
  method: 'PUT',
  path: '/admin/relation-tuples',
  summary: 'Create a relationship',
  body: CreateRelationshipBody,
  returns: { 201: Relationship },
  errors: [400],
})

export const deleteRelationships = operation({
  id: 'deleteRelationships',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-write'],
  method: 'DELETE',
  path: '/admin/relation-tuples',
  summary: 'Delete all relationships that match a query',
  query: Type.Object(TupleQuery),
  returns: { 204: null },
  errors: [400],
})

export const patchRelationships = operation({
  id: 'patchRelationships',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-write'],
  method: 'PATCH',
  path: '/admin/relation-tuples',
  summary: 'Insert and delete relationships in one transaction',
  body: Type.Array(RelationshipPatch),
  returns: { 204: null },
  errors: [400, 404],
})

export const listRelationshipNamespaces = operation({
  id: 'listRelationshipNamespaces',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/namespaces',
  summary: 'List the namespaces of the permission model',
  returns: { 200: RelationshipNamespaces },
  errors: [],
})

export const checkOplSyntax = operation({
  id: 'checkOplSyntax',
  tag: 'relationship',
  plane: 'admin',
  listeners: ['keto-opl'],
  method: 'POST',
  path: '/opl/syntax/check',
  summary: 'Check the syntax of a permission model',
  body: CheckOplSyntaxBody,
  returns: { 200: CheckOplSyntaxResult },
  errors: [400],
})

const PageSize = Type.Optional(Type.Integer({ format: 'int64', default: 100, minimum: 1, maximum: 1000 }))
/** The state after which changes are listed. */
const Since = { snaptoken: Type.Optional(Type.String()), namespace: Type.Optional(Type.String()) }

export const listPermissionChanges = operation({
  id: 'listPermissionChanges',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/permissions/changes',
  summary: 'List changes of relationships since a snapshot token, or all recorded changes',
  query: Type.Object({ ...Since, page_size: PageSize }),
  returns: { 200: RelationshipChanges },
  errors: [400, 404, 410],
})

export const watchPermissionChanges = operation({
  id: 'watchPermissionChanges',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/permissions/watch',
  summary: 'Watch changes of relationships, since a snapshot token or from now on',
  query: Type.Object(Since),
  headers: Type.Object({ 'last-event-id': Type.Optional(Type.String()) }),
  stream: { after: 'snaptoken' },
  returns: { 200: RelationshipChanges },
  errors: [400, 404, 410, 429],
})

export const checkPermission = operation({
  id: 'checkPermission',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/relation-tuples/check/openapi',
  summary: 'Check a permission; the result is in the body',
  query: Type.Object({ ...TupleQuery, ...MaxDepth, ...Freshness }),
  returns: { 200: CheckPermissionResult },
  errors: [400, 422],
})

export const postCheckPermission = operation({
  id: 'postCheckPermission',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/relation-tuples/check/openapi',
  summary: 'Check a permission given as JSON; the result is in the body',
  query: Type.Object({ ...MaxDepth, ...Freshness }),
  body: PostCheckPermissionBody,
  returns: { 200: CheckPermissionResult },
  errors: [400, 422],
})

export const checkPermissionOrError = operation({
  id: 'checkPermissionOrError',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/relation-tuples/check',
  summary: 'Check a permission; the result is the status code',
  query: Type.Object({ ...TupleQuery, ...MaxDepth, ...Freshness }),
  returns: { 200: CheckPermissionResult, 403: CheckPermissionResult },
  errors: [400, 422],
})

export const postCheckPermissionOrError = operation({
  id: 'postCheckPermissionOrError',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/relation-tuples/check',
  summary: 'Check a permission given as JSON; the result is the status code',
  query: Type.Object({ ...MaxDepth, ...Freshness }),
  body: PostCheckPermissionOrErrorBody,
  returns: { 200: CheckPermissionResult, 403: CheckPermissionResult },
  errors: [400, 422],
})

export const batchCheckPermission = operation({
  id: 'batchCheckPermission',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/relation-tuples/batch/check',
  summary: 'Check several permissions',
  query: Type.Object({ ...MaxDepth, ...Freshness }),
  body: BatchCheckPermissionBody,
  returns: { 200: BatchCheckPermissionResult },
  errors: [400],
})

export const expandPermissions = operation({
  id: 'expandPermissions',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'GET',
  path: '/relation-tuples/expand',
  summary: 'Expand a subject set to a tree of subjects',
  query: Type.Object({
    namespace: Type.String(),
    object: Type.String(),
    relation: Type.String(),
    ...MaxDepth,
    ...Freshness,
  }),
  returns: { 200: ExpandedPermissionTree },
  errors: [400, 404],
})

export const explainPermission = operation({
  id: 'explainPermission',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/permissions/explain',
  summary: 'Check a permission and explain the result',
  query: Type.Object(Freshness),
  body: ExplainPermissionBody,
  returns: { 200: ExplainedPermission },
  errors: [400, 404],
})

const paging =
  'Each entry is unique, in byte order, and allowed by a check. A page can be shorter than requested, or empty, ' +
  'although there is a next page: the list ends when next_page_token is empty.'

export const listPermissionObjects = operation({
  id: 'listPermissionObjects',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/permissions/objects',
  summary: 'List the objects on which a subject has a permission',
  description: `Lists objects of a namespace that occur in at least one relationship. ${paging}`,
  query: Type.Object({ ...TokenPaging, ...Freshness }),
  body: ListPermissionObjectsBody,
  returns: { 200: PermissionObjects },
  errors: [400, 404],
})

export const listPermissionSubjects = operation({
  id: 'listPermissionSubjects',
  tag: 'permission',
  plane: 'admin',
  listeners: ['keto-read'],
  method: 'POST',
  path: '/permissions/subjects',
  summary: 'List the subjects that have a permission on an object',
  description: `Lists subject IDs, or subject sets of one type, that occur in at least one relationship. ${paging}`,
  query: Type.Object({ ...TokenPaging, ...Freshness }),
  body: ListPermissionSubjectsBody,
  returns: { 200: PermissionSubjects },
  errors: [400, 404],
})

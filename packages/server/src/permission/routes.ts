import {
  ApiError,
  BatchCheckPermissionBody,
  batchCheckPermission,
  CreateRelationshipBody,
  checkOplSyntax,
  checkPermission,
  checkPermissionOrError,
  createRelationship,
  deleteRelationships,
  expandPermissions,
  getRelationships,
  listPermissionObjects,
  listPermissionSubjects,
  listRelationshipNamespaces,
  type OperationSpec,
  patchRelationships,
  postCheckPermission,
  postCheckPermissionOrError,
} from '@latchkey/api'
import type { TSchema } from 'typebox'
import type { Context } from '../kernel/context.ts'
import { type BodyStyle, bodyReader } from '../kernel/http/body.ts'
import { bind, type Call, empty, type Handler, json, type Reply, type Route } from '../kernel/http/index.ts'
import { batchCheck } from './check/batch.ts'
import { check } from './check/check.ts'
import { expand } from './expand/expand.ts'
import { listObjects } from './listing/objects.ts'
import { objectsQuestion, subjectsQuestion } from './listing/read.ts'
import { listSubjects } from './listing/subjects.ts'
import { checkSyntax } from './syntax.ts'
import { changeTuples, removeTuples } from './tuples/change.ts'
import { listRelationships } from './tuples/list.ts'
import { changesFrom } from './tuples/patch.ts'
import {
  filterFrom,
  maxDepthFrom,
  type OpenTuple,
  requireSubject,
  setFrom,
  tupleFrom,
  tupleNames,
} from './tuples/read.ts'
import type { RelationTuple } from './tuples/subject.ts'

/** Keto reads bodies whatever their content type, up to the end of the first JSON value. */
const reader = <T>(schema: TSchema) =>
  bodyReader(schema, {
    typed: false,
    closed: false,
    firstValueOnly: true,
    refuse: (message) => ApiError.badRequest({ message }),
  }) as (call: Call) => T | undefined

/** Operations of our own take what the contract says and nothing else. */
const closedBody: BodyStyle = {
  typed: true,
  closed: true,
  firstValueOnly: false,
  refuse: (message) => ApiError.badRequest({ message }),
}

const readTuple = reader<OpenTuple>(CreateRelationshipBody)
const readBatch = reader<{ tuples?: (OpenTuple | null)[] }>(BatchCheckPermissionBody)
const readChanges = reader<unknown[]>(patchRelationships.body)

/** Keto's API: what is asked and what is told stands in the paths and parameters as Keto takes them. */
export const permissionRoutes: readonly Route[] = [
  route(getRelationships, async (ctx, call) => json(200, await listRelationships(ctx, call.search))),
  route(createRelationship, create),
  route(deleteRelationships, remove),
  route(patchRelationships, async (ctx, call) => {
    await changeTuples(ctx, changesFrom(readChanges(call) ?? []))
    return empty()
  }),
  route(listRelationshipNamespaces, async (ctx) =>
    json(200, { namespaces: ctx.config.permission.namespaces.map(({ name }) => ({ name })) }),
  ),
  route(checkOplSyntax, async (_ctx, call) => json(200, checkSyntax(call.bodyText))),
  route(checkPermission, async (ctx, call) => json(200, { allowed: await checked(ctx, call, tupleFrom(call.search)) })),
  route(postCheckPermission, async (ctx, call) => json(200, { allowed: await checked(ctx, call, bodyTuple(call)) })),
  route(checkPermissionOrError, async (ctx, call) => told(await checked(ctx, call, tupleFrom(call.search)))),
  route(postCheckPermissionOrError, async (ctx, call) => told(await checked(ctx, call, bodyTuple(call)))),
  route(batchCheckPermission, async (ctx, call) => {
    const depth = maxDepthFrom(call.search)
    return json(200, { results: await batchCheck(ctx, readBatch(call)?.tuples ?? [], depth) })
  }),
  route(expandPermissions, async (ctx, call) => {
    const tree = await expand(ctx, setFrom(call.search), maxDepthFrom(call.search))
    // Of nothing Keto says that it was not found, but with status 200.
    return json(200, tree ?? ApiError.notFound({ message: 'Nobody is in this subject set.' }).content)
  }),
  own(listPermissionObjects, async (ctx, { query, body }) =>
    json(200, await listObjects(ctx, objectsQuestion(ctx, body), pageOf(query))),
  ),
  own(listPermissionSubjects, async (ctx, { query, body }) =>
    json(200, await listSubjects(ctx, subjectsQuestion(ctx, body), pageOf(query))),
  ),
]

/** An operation that Keto does not have. */
function own<O extends OperationSpec>(operation: O, handler: Handler<O>): Route {
  return bind(operation, handler, 'off', closedBody)
}

function pageOf({ page_size: size = 0, page_token: token = '' }: { page_size?: number; page_token?: string }) {
  return { size, token }
}

function route({ method, path, plane }: OperationSpec, handle: (ctx: Context, call: Call) => Promise<Reply>): Route {
  return { method, path, plane, csrf: 'off', handle }
}

function checked(ctx: Context, call: Call, tuple: RelationTuple): Promise<boolean> {
  return check(ctx, tuple, maxDepthFrom(call.search))
}

function told(allowed: boolean): Reply {
  return json(allowed ? 200 : 403, { allowed })
}

function bodyTuple(call: Call): RelationTuple {
  return requireSubject(readTuple(call) ?? {})
}

async function create(ctx: Context, call: Call): Promise<Reply> {
  const open = readTuple(call) ?? {}
  const tuple = requireSubject(open)
  await changeTuples(ctx, [{ action: 'insert', tuple }])
  const at = new URLSearchParams([
    ['namespace', tuple.namespace],
    ['object', tuple.object],
    ['relation', tuple.relation],
    ...(tuple.subject_set
      ? Object.entries(tuple.subject_set).map(([name, value]) => [`subject_set.${name}`, value])
      : [['subject_id', tuple.subject_id]]),
  ])
  // A subject that was given twice is told twice.
  const told = open.subject_set && tuple.subject_id !== undefined ? { ...tuple, subject_set: open.subject_set } : tuple
  return json(201, told, { headers: { location: `/relation-tuples?${at}` } })
}

async function remove(ctx: Context, call: Call): Promise<Reply> {
  const filter = filterFrom(call.search)
  const unknown = [...call.search.keys()].find((name) => !tupleNames.some((known) => known === name))
  if (unknown !== undefined) {
    throw ApiError.badRequest({ reason: `The parameter ${unknown.slice(0, 100)} is not known; nothing was deleted.` })
  }
  if (call.bodyText !== '') throw ApiError.badRequest({ reason: 'A deletion takes no body; nothing was deleted.' })
  if (filter.namespace === undefined) {
    throw ApiError.badRequest({ reason: 'The parameter namespace is missing; nothing was deleted.' })
  }
  await removeTuples(ctx, filter)
  return empty()
}

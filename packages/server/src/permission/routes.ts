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
  explainPermission,
  getRelationships,
  listPermissionObjects,
  listPermissionSubjects,
  listRelationshipNamespaces,
  type OperationSpec,
  PostCheckPermissionBody,
  patchRelationships,
  postCheckPermission,
  postCheckPermissionOrError,
} from '@latchkey/api'
import type { TSchema } from 'typebox'
import type { Context } from '../kernel/context.ts'
import { type BodyStyle, bodyReader } from '../kernel/http/body.ts'
import { bind, type Call, empty, type Handler, json, type Reply, type Route } from '../kernel/http/index.ts'
import { changeRoutes } from './changes/routes.ts'
import { currentRevision } from './changes/store.ts'
import { snapshotToken } from './changes/token.ts'
import { batchCheck } from './check/batch.ts'
import { type Answer, type CheckOptions, check } from './check/check.ts'
import { type Consistency, consistencyFrom, requireReached } from './check/consistency.ts'
import { questionOptions } from './check/question.ts'
import { type JsonObject, requireContext } from './conditions/index.ts'
import { expand } from './expand/expand.ts'
import { explain } from './explain/explain.ts'
import { explainQuestion } from './explain/parse.ts'
import { listObjects } from './listing/objects.ts'
import { objectsQuestion, subjectsQuestion } from './listing/parse.ts'
import { listSubjects } from './listing/subjects.ts'
import { checkSyntax } from './syntax.ts'
import { changeTuples, removeTuples } from './tuples/change.ts'
import { listRelationships } from './tuples/list.ts'
import {
  filterFrom,
  maxDepthFrom,
  type OpenTuple,
  requireSubject,
  requireTuple,
  setFrom,
  tupleFrom,
  tupleNames,
} from './tuples/parse.ts'
import { changesFrom } from './tuples/patch.ts'
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

const readTuple = reader<OpenTuple & { condition?: unknown }>(CreateRelationshipBody)
const readQuestion = reader<OpenTuple & { context?: unknown }>(PostCheckPermissionBody)
const readBatch = reader<{ tuples?: (OpenTuple | null)[]; context?: unknown }>(BatchCheckPermissionBody)
const readChanges = reader<unknown[]>(patchRelationships.body)

/** Carries a snapshot token, where Keto's answers have no place for it. */
const tokenHeader = 'latchkey-snaptoken'

/** Keto's API: what is asked and what is told stands in the paths and parameters as Keto takes them. */
export const permissionRoutes: readonly Route[] = [
  ...changeRoutes,
  route(getRelationships, (ctx, call) => fresh(ctx, call, () => listRelationships(ctx, call.search))),
  route(createRelationship, create),
  route(deleteRelationships, remove),
  route(patchRelationships, async (ctx, call) => {
    return empty(204, at(ctx, await changeTuples(ctx, changesFrom(readChanges(call) ?? []))))
  }),
  route(listRelationshipNamespaces, async (ctx) =>
    json(200, { namespaces: ctx.config.permission.namespaces.map(({ name }) => ({ name })) }),
  ),
  route(checkOplSyntax, async (_ctx, call) => json(200, checkSyntax(call.bodyText))),
  route(checkPermission, async (ctx, call) => told(ctx, await checked(ctx, call, tupleFrom(call.search)), 200)),
  route(postCheckPermission, async (ctx, call) => told(ctx, await checkedBody(ctx, call), 200)),
  route(checkPermissionOrError, async (ctx, call) => told(ctx, await checked(ctx, call, tupleFrom(call.search)), 403)),
  route(postCheckPermissionOrError, async (ctx, call) => told(ctx, await checkedBody(ctx, call), 403)),
  route(batchCheckPermission, async (ctx, call) => {
    const { tuples = [], context } = readBatch(call) ?? {}
    const answers = await batchCheck(ctx, tuples, { ...optionsFrom(ctx, call), context: requireContext(context) })
    const results = answers.map(({ allowed, error }) => ({ allowed, ...(error === undefined ? {} : { error }) }))
    return json(
      200,
      { results },
      at(
        ctx,
        answers.reduce((least, { revision }) => Math.min(least, revision), answers[0]?.revision ?? 0),
      ),
    )
  }),
  route(expandPermissions, (ctx, call) =>
    fresh(ctx, call, async () => {
      const tree = await expand(ctx, setFrom(call.search), maxDepthFrom(call.search))
      // Of nothing Keto says that it was not found, but with status 200.
      return tree ?? ApiError.notFound({ message: 'Nobody is in this subject set.' }).content
    }),
  ),
  own(explainPermission, async (ctx, { body }, call) => {
    const options = { ...questionOptions(body ?? {}), consistency: consistencyFrom(ctx, call.search) }
    const { revision, ...explained } = await explain(ctx, explainQuestion(body), options)
    return json(200, explained, at(ctx, revision))
  }),
  own(listPermissionObjects, async (ctx, { query, body }, call) => {
    const asked = objectsQuestion(ctx, body)
    return fresh(ctx, call, (consistency) =>
      listObjects(ctx, { ...asked, options: { ...asked.options, consistency } }, pageOf(query)),
    )
  }),
  own(listPermissionSubjects, async (ctx, { query, body }, call) => {
    const asked = subjectsQuestion(ctx, body)
    return fresh(ctx, call, (consistency) =>
      listSubjects(ctx, { ...asked, options: { ...asked.options, consistency } }, pageOf(query)),
    )
  }),
]

/** An operation that Keto does not have. */
function own<O extends OperationSpec>(operation: O, handler: Handler<O>): Route {
  return bind(operation, handler, 'off', closedBody)
}

function pageOf({ page_size: size = 0, page_token: token = '' }: { page_size?: number; page_token?: string }) {
  return { size, token }
}

function route(
  { method, path, plane, listeners }: OperationSpec,
  handle: (ctx: Context, call: Call) => Promise<Reply>,
): Route {
  return { method, path, plane, listeners, csrf: 'off', handle }
}

function checked(ctx: Context, call: Call, tuple: RelationTuple, context?: JsonObject): Promise<Answer> {
  return check(ctx, tuple, { ...optionsFrom(ctx, call), context })
}

function checkedBody(ctx: Context, call: Call): Promise<Answer> {
  const open = readQuestion(call) ?? {}
  return checked(ctx, call, requireSubject(open), requireContext(open.context))
}

function optionsFrom(ctx: Context, { search }: Call): CheckOptions {
  return { maxDepth: maxDepthFrom(search), consistency: consistencyFrom(ctx, search) }
}

function told(ctx: Context, { allowed, revision }: Answer, otherwise: 200 | 403): Reply {
  return json(allowed ? 200 : otherwise, { allowed }, at(ctx, revision))
}

/** Answers with what is read now, and with the state that it is of or a later one. */
async function fresh<T>(ctx: Context, { search }: Call, read: (consistency: Consistency) => Promise<T>) {
  const consistency = consistencyFrom(ctx, search)
  const revision = await currentRevision(ctx)
  requireReached(revision, consistency)
  return json(200, await read(consistency), at(ctx, revision))
}

/** Tells the state that was read or written, so that whoever asks next can ask for no older one. */
function at(ctx: Context, revision: number): Pick<Reply, 'headers'> {
  return { headers: { [tokenHeader]: snapshotToken(ctx, revision) } }
}

async function create(ctx: Context, call: Call): Promise<Reply> {
  const open = readTuple(call) ?? {}
  const tuple = requireTuple(open)
  const revision = await changeTuples(ctx, [{ action: 'insert', tuple }])
  const query = new URLSearchParams([
    ['namespace', tuple.namespace],
    ['object', tuple.object],
    ['relation', tuple.relation],
    ...(tuple.subject_set
      ? Object.entries(tuple.subject_set).map(([name, value]) => [`subject_set.${name}`, value])
      : [['subject_id', tuple.subject_id]]),
  ])
  // A subject that was given twice is told twice.
  const told = open.subject_set && tuple.subject_id !== undefined ? { ...tuple, subject_set: open.subject_set } : tuple
  return json(201, told, { headers: { location: `/relation-tuples?${query}`, ...at(ctx, revision).headers } })
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
  return empty(204, at(ctx, await removeTuples(ctx, filter)))
}

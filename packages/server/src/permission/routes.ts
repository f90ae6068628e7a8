import { ApiError, rooms } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import {
  type BodyStyle,
  type Call,
  empty,
  handlers,
  json,
  jsonText,
  type Reply,
  type Route,
  type RouteOptions,
} from '../kernel/http/index.ts'
import { changeRoutes } from './changes/routes.ts'
import { currentRevision } from './changes/store.ts'
import { snapshotToken } from './changes/token.ts'
import { batchCheck } from './check/batch.ts'
import { type Answer, type CheckOptions, check } from './check/check.ts'
import { type Consistency, consistencyFrom, requireReached } from './check/consistency.ts'
import { questionOptions } from './check/question.ts'
import { requireContext } from './conditions/index.ts'
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

/** Keto reads parameters in its own way, and bodies whatever their content type, up to the end of the first value. */
const likeKeto: RouteOptions = {
  csrf: 'off',
  query: 'raw',
  body: {
    typed: false,
    closed: false,
    firstValueOnly: true,
    refuse: (message) => ApiError.badRequest({ message }),
  },
}

/** Operations that Keto does not have take what the contract declares and nothing else. */
const closedBody: BodyStyle = {
  typed: true,
  closed: true,
  firstValueOnly: false,
  refuse: (message) => ApiError.badRequest({ message }),
}
const own: RouteOptions = { csrf: 'off', body: closedBody, query: 'decoded' }

/** Carries a snapshot token where Keto's answers have no place for it. */
const tokenHeader = 'latchkey-snaptoken'

/** Those of changes have routes of their own. */
const { listPermissionChanges: _list, watchPermissionChanges: _watch, ...operations } = rooms.permission

const routes = handlers(
  operations,
  {
    getRelationships: (ctx, _input, call) => readNow(ctx, call, () => listRelationships(ctx, call.search)),
    createRelationship: async (ctx, { body }) => {
      const tuple = requireTuple(body ?? {})
      const revision = await changeTuples(ctx, [{ action: 'insert', tuple }])
      const query = new URLSearchParams([
        ['namespace', tuple.namespace],
        ['object', tuple.object],
        ['relation', tuple.relation],
        ...(tuple.subject_set
          ? Object.entries(tuple.subject_set).map(([name, value]) => [`subject_set.${name}`, value])
          : [['subject_id', tuple.subject_id]]),
      ])
      // A subject that was given in both forms is answered in both.
      const { subject_set } = body ?? {}
      const created = subject_set && tuple.subject_id !== undefined ? { ...tuple, subject_set } : tuple
      return json(201, created, { headers: { location: `/relation-tuples?${query}`, ...at(ctx, revision).headers } })
    },
    deleteRelationships: async (ctx, _input, call) => {
      const filter = filterFrom(call.search)
      const unknown = [...call.search.keys()].find((name) => !tupleNames.some((known) => known === name))
      if (unknown !== undefined) refuseDeletion(`The parameter ${unknown.slice(0, 100)} is not known`)
      if (call.bodyText !== '') refuseDeletion('A deletion takes no body')
      if (filter.namespace === undefined) refuseDeletion('The parameter namespace is missing')
      return empty(204, at(ctx, await removeTuples(ctx, filter)))
    },
    patchRelationships: async (ctx, { body = [] }) => {
      const changes = await changesFrom(body)
      return empty(204, at(ctx, await changeTuples(ctx, changes)))
    },
    listRelationshipNamespaces: (ctx) =>
      json(200, { namespaces: ctx.config.permission.namespaces.map(({ name }) => ({ name })) }),
    checkOplSyntax: {
      ...likeKeto,
      body: 'raw',
      handle: async (_ctx, _input, call) => json(200, await checkSyntax(call.bodyText)),
    },

    checkPermission: async (ctx, _input, call) => {
      const { answer, headers } = await checkParameters(ctx, call)
      return json(200, answer, { headers })
    },
    postCheckPermission: async (ctx, { body }, call) => {
      const { answer, headers } = await checkBody(ctx, call, body)
      return json(200, answer, { headers })
    },
    checkPermissionOrError: async (ctx, _input, call) => {
      const { answer, headers } = await checkParameters(ctx, call)
      return answer.allowed ? json(200, answer, { headers }) : json(403, answer, { headers })
    },
    postCheckPermissionOrError: async (ctx, { body }, call) => {
      const { answer, headers } = await checkBody(ctx, call, body)
      return answer.allowed ? json(200, answer, { headers }) : json(403, answer, { headers })
    },
    batchCheckPermission: async (ctx, { body }, call) => {
      // A null keeps its place among the tuples.
      const { tuples = [], context } = (body ?? {}) as { tuples?: (OpenTuple | null)[]; context?: unknown }
      const answers = await batchCheck(ctx, tuples, { ...optionsFrom(ctx, call), context: requireContext(context) })
      const results = answers.map(({ allowed, error }) => ({ allowed, ...(error === undefined ? {} : { error }) }))
      const oldest = answers.reduce((least, { revision }) => Math.min(least, revision), answers[0]?.revision ?? 0)
      return json(200, { results }, at(ctx, oldest))
    },
    expandPermissions: async (ctx, _input, call) => {
      const reply = await readNow(ctx, call, () => expand(ctx, setFrom(call.search), maxDepthFrom(call.search)))
      const { body: tree, headers } = reply
      if (tree) return json(200, tree, { headers })
      // Of an empty set Keto says that it was not found, but with status 200.
      const { content } = ApiError.notFound({ message: 'Nobody is in this subject set.' })
      return jsonText(200, JSON.stringify(content), { headers })
    },

    explainPermission: {
      ...own,
      handle: async (ctx, { body }, call) => {
        const options = { ...questionOptions(body ?? {}), consistency: consistencyFrom(ctx, call.search) }
        const { revision, ...explained } = await explain(ctx, explainQuestion(body), options)
        return json(200, explained, at(ctx, revision))
      },
    },
    listPermissionObjects: {
      ...own,
      handle: (ctx, { query, body }, call) => {
        const asked = objectsQuestion(ctx, body)
        return readNow(ctx, call, (consistency) =>
          listObjects(ctx, { ...asked, options: { ...asked.options, consistency } }, pageOf(query)),
        )
      },
    },
    listPermissionSubjects: {
      ...own,
      handle: (ctx, { query, body }, call) => {
        const asked = subjectsQuestion(ctx, body)
        return readNow(ctx, call, (consistency) =>
          listSubjects(ctx, { ...asked, options: { ...asked.options, consistency } }, pageOf(query)),
        )
      },
    },
  },
  likeKeto,
)

export const permissionRoutes: readonly Route[] = [...changeRoutes, ...Object.values(routes)]

function pageOf({ page_size: size = 0, page_token: token = '' }: { page_size?: number; page_token?: string }) {
  return { size, token }
}

function checkParameters(ctx: Context, call: Call) {
  return checkTuple(ctx, check(ctx, tupleFrom(call.search), optionsFrom(ctx, call)))
}

async function checkBody(ctx: Context, call: Call, open: OpenTuple & { context?: unknown } = {}) {
  const tuple = requireSubject(open)
  const context = requireContext(open.context)
  return checkTuple(ctx, check(ctx, tuple, { ...optionsFrom(ctx, call), context }))
}

async function checkTuple(ctx: Context, answer: Promise<Answer>) {
  const { allowed, revision } = await answer
  return { answer: { allowed }, ...at(ctx, revision) }
}

function optionsFrom(ctx: Context, { search }: Call): CheckOptions {
  return { maxDepth: maxDepthFrom(search), consistency: consistencyFrom(ctx, search) }
}

/** Answers with what is read now, and with a token of the revision that it is at least of. */
async function readNow<T>(ctx: Context, { search }: Call, read: (consistency: Consistency) => Promise<T>) {
  const consistency = consistencyFrom(ctx, search)
  const revision = await currentRevision(ctx)
  requireReached(revision, consistency)
  return json(200, await read(consistency), at(ctx, revision))
}

/** The snapshot token of what was read or written, with which the next request can ask for no older state. */
function at(ctx: Context, revision: number): Required<Pick<Reply, 'headers'>> {
  return { headers: { [tokenHeader]: snapshotToken(ctx, revision) } }
}

function refuseDeletion(because: string): never {
  throw ApiError.badRequest({ reason: `${because}; nothing was deleted.` })
}

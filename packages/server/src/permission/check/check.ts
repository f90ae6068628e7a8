import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { ConditionEvaluator } from '../conditions/index.ts'
import { isNamespace, relationOf } from '../namespaces.ts'
import { type RelationTuple, subjectColumns } from '../tuples/subject.ts'
import { type Consistency, requireReached } from './consistency.ts'
import { mayNameSubject } from './declared.ts'
import type { Limitation } from './formula.ts'
import type { CheckModel } from './plan.ts'
import { StaleReadError } from './read-facts.ts'
import type { CheckQuestion, CheckResolution } from './resolution.ts'
import { type ResolveOptions, resolve, TooManyChecksError } from './resolve.ts'
import { subjectName, TupleCache, tupleCacheOf } from './tuple-cache.ts'
import { subjectShape } from './tuple-shapes.ts'

export interface CheckOptions {
  /** How many steps may be taken; zero for as many as the configuration allows. */
  readonly maxDepth?: number
  readonly consistency?: Consistency
  /** The variables of the request, for the conditions of tuples. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
}

export interface Answer {
  readonly allowed: boolean
  /** The project's revision at which it is so; 0 where nothing was read. */
  readonly revision: number
}

/** For how long the cache is used without asking for the newest revision, where latency matters most. */
const maxStalenessMs = 5000
/** After so many attempts during which tuples changed, a check reads in a snapshot of the database. */
const maxAttempts = 4
const nothingRead: Answer = { allowed: false, revision: 0 }

/**
 * Whether the subject of a tuple has the relation to the object: by a tuple of its own, through subject sets, or as the
 * model says. What a limit keeps from being found is not allowed. Checks read what is committed: within a transaction
 * that writes tuples, the cache would keep what may be rolled back.
 * @throws ApiError 400 where the model does not declare a relation that the answer rests on, 422 where in strict mode a
 * limit keeps the answer from being found.
 */
export async function check(ctx: Context, tuple: RelationTuple, options: CheckOptions = {}): Promise<Answer> {
  if (!areNamespaces(ctx, tuple)) return nothingRead
  const revision = await revisionOfOwnTuple(ctx, tuple, options)
  if (revision !== undefined) return { allowed: true, revision }
  const [resolution] = await resolveQuestions(ctx, [requireQuestion(ctx, tuple, options)], options)
  const answer = answerFrom(resolution) ?? nothingRead
  if (answer instanceof ApiError) throw answer
  return answer
}

/** Several checks at one revision, answered in their order; each may fail by itself. */
export async function checkAll(
  ctx: Context,
  tuples: readonly RelationTuple[],
  options: CheckOptions,
): Promise<(Answer | ApiError)[]> {
  const questions = tuples.map((tuple) => (areNamespaces(ctx, tuple) ? questionOf(ctx, tuple, options) : nothingRead))
  const resolvable = questions.filter((question): question is CheckQuestion => 'depth' in question)
  const resolutions = await resolveOrFail(ctx, resolvable, options)
  const answers = new Map(resolvable.map((question, i) => [question, answerFrom(resolutions[i])]))
  return questions.map((question) => ('depth' in question ? (answers.get(question) ?? nothingRead) : question))
}

function answerFrom(resolution: CheckResolution | ApiError | undefined): Answer | ApiError | undefined {
  if (!resolution || resolution instanceof ApiError) return resolution
  const { truth, fault, limitation, revision } = resolution
  if (truth === 'yes') return { allowed: true, revision }
  return fault ?? (limitation ? undecidedError(limitation) : { allowed: false, revision })
}

/** As Keto since July 2026: the reason is the name of the limit. */
function undecidedError(limitation: Limitation): ApiError {
  return ApiError.unprocessable({ message: 'The check could not be followed to its end.', reason: limitation })
}

/** What fails for all of them, such as a revision that was not reached, fails for each. */
async function resolveOrFail(
  ctx: Context,
  questions: readonly CheckQuestion[],
  options: CheckOptions,
): Promise<(CheckResolution | ApiError)[]> {
  try {
    return await resolveQuestions(ctx, questions, options)
  } catch (error) {
    if (error instanceof ApiError) return questions.map(() => error)
    throw error
  }
}

/** The question that a tuple stands for, or why it cannot be asked. */
function questionOf(ctx: Context, tuple: RelationTuple, options: CheckOptions): CheckQuestion | ApiError {
  try {
    return requireQuestion(ctx, tuple, options)
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

/** @throws ApiError 400 where the namespace does not declare the relation. */
export function requireQuestion(ctx: Context, tuple: RelationTuple, options: CheckOptions): CheckQuestion {
  const { namespace, object, relation } = tuple
  relationOf(ctx, namespace, relation)
  return {
    relation: [namespace, object, relation],
    subject: subjectColumns(tuple),
    depth: depthOf(ctx, options.maxDepth ?? 0),
    conditions: new ConditionEvaluator(ctx, options.context),
  }
}

/** Resolves questions until everything that was read is of one revision. */
export async function resolveQuestions(
  ctx: Context,
  questions: readonly CheckQuestion[],
  options: { readonly consistency?: Consistency; readonly isExhaustive?: boolean },
): Promise<CheckResolution[]> {
  if (questions.length === 0) return []
  try {
    return await resolveAtOnce(ctx, questions, options)
  } catch (error) {
    if (!(error instanceof TooManyChecksError)) throw error
    const half = Math.ceil(questions.length / 2)
    const first = await resolveQuestions(ctx, questions.slice(0, half), options)
    return [...first, ...(await resolveQuestions(ctx, questions.slice(half), options))]
  }
}

async function resolveAtOnce(
  ctx: Context,
  questions: readonly CheckQuestion[],
  { consistency = 'full', isExhaustive = false }: { consistency?: Consistency; isExhaustive?: boolean },
): Promise<CheckResolution[]> {
  const cache = tupleCacheOf(ctx)
  if (cache.revision === undefined) await cache.catchUp(ctx)
  for (let attempts = 0; attempts < maxAttempts; attempts++) {
    const isCacheTrusted = isFreshEnough(ctx, cache, consistency)
    try {
      return await resolveWith(ctx, questions, { cache, isCacheTrusted, isExhaustive, consistency })
    } catch (error) {
      if (!(error instanceof StaleReadError)) throw error
    }
  }
  return ctx.snapshot(async (of) => {
    const own = new TupleCache()
    await own.catchUp(of)
    return resolveWith(of, questions, { cache: own, isCacheTrusted: false, isExhaustive, consistency })
  })
}

async function resolveWith(
  ctx: Context,
  questions: readonly CheckQuestion[],
  options: Omit<ResolveOptions, 'model'> & { consistency: Consistency },
): Promise<CheckResolution[]> {
  const { cache, isCacheTrusted, isExhaustive, consistency } = options
  const resolutions = await resolve(ctx, questions, { model: checkModel(ctx), cache, isCacheTrusted, isExhaustive })
  requireReached(resolutions[0]?.revision ?? 0, consistency)
  return resolutions
}

/**
 * The revision at which one tuple allows a check, as it does most checks of a relation without a rewrite. Where the
 * closure of the subject is cached, a resolution needs no statement for it.
 */
async function revisionOfOwnTuple(
  ctx: Context,
  tuple: RelationTuple,
  { maxDepth = 0, consistency = 'full' }: CheckOptions,
): Promise<number | undefined> {
  const { namespace, object, relation } = tuple
  const declared = relationOf(ctx, namespace, relation)
  if (depthOf(ctx, maxDepth) <= 1 || declared?.rewrite) return undefined
  const subject = subjectColumns(tuple)
  if (ctx.config.permission.strictMode && !mayNameSubject(declared, subjectShape(subject))) return undefined
  const cache = tupleCacheOf(ctx)
  if (cache.closure(subjectName(subject))) return undefined
  const { subject_namespace, subject_object, subject_relation } = subject
  const name = [namespace, object, relation, subject_namespace, subject_object, subject_relation] as const
  const { condition, revision } = await cache.ownTuple(ctx, name)
  if (condition !== '') return undefined
  requireReached(revision, consistency)
  return revision
}

/** Nobody has a relation in a namespace that is not in the model. */
function areNamespaces(ctx: Context, { namespace, subject_set: set }: RelationTuple): boolean {
  return isNamespace(ctx, namespace) && (!set || isNamespace(ctx, set.namespace))
}

function checkModel(ctx: Context): CheckModel {
  const { strictMode, limit } = ctx.config.permission
  return {
    relation: (namespace, relation) => relationOf(ctx, namespace, relation),
    isStrict: strictMode,
    maxWidth: limit.max_read_width,
  }
}

function isFreshEnough(ctx: Context, cache: TupleCache, consistency: Consistency): boolean {
  if (consistency === 'full') return false
  if (consistency === 'minimize_latency') return ctx.clock.monotonic() - cache.confirmedAt <= maxStalenessMs
  return (cache.revision ?? 0) >= consistency.revision
}

/** A request may ask for less depth than the configuration allows, but not for more. */
export function depthOf(ctx: Context, asked: number): number {
  const { max_read_depth: most } = ctx.config.permission.limit
  return asked > 0 ? Math.min(asked, most) : most
}

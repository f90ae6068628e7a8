import type { Context } from '../../kernel/context.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { complete, isTurnOver, nextTurn } from '../turn.ts'
import { readClosures } from './closure/closure.ts'
import { SharedFacts, type Subject, SubjectFacts } from './facts.ts'
import { type CheckNode, positiveFixpoint, Solver } from './formula.ts'
import { limitationOf } from './limitation.ts'
import { isMissingFacts, type MissingFacts, missingFacts, sliceFacts } from './missing-facts.ts'
import { type CheckModel, type CheckPlan, Planner, type TupleFacts, withOwnTuples } from './plan.ts'
import { type ReadFacts, readFacts, StaleReadError } from './read-facts.ts'
import type { CheckQuestion, CheckResolution } from './resolution.ts'
import type { ObjectRelation } from './store.ts'
import { subjectName, type TupleCache } from './tuple-cache.ts'
import { subjectShape, type TupleShapes } from './tuple-shapes.ts'
import type { Usersets } from './usersets.ts'

/** Rows read for one step of a resolution; what lies beyond is unknown. */
const maxRows = 50_000
/** The nodes of several checks that are resolved together, since all of them are in memory at the same time. */
const maxNodesTogether = 40_000
/** The maximum number of names in one statement where statements are synchronous. */
const maxNamesAtOnce = 500
/** Larger sets are not cached. */
const maxCachedUsersets = 5000

export interface ResolveOptions {
  readonly model: CheckModel
  readonly cache: TupleCache
  /** Whether the cache may be used without asking for the newest revision. */
  readonly isCacheTrusted: boolean
  /** Follows everything that the answer rests on, from the object only, so that it can be explained. */
  readonly isExhaustive: boolean
}

/** Several checks are together too large; fewer have to be resolved at a time. */
export class TooManyChecksError extends Error {}

/**
 * Resolves checks at one revision. In each round one statement reads what all of them are missing, so that they take as
 * many statements as the deepest has steps, however wide they are; what is cached is not read.
 * @throws StaleReadError, TooManyChecksError
 */
export async function resolve(
  ctx: Context,
  questions: readonly CheckQuestion[],
  options: ResolveOptions,
): Promise<CheckResolution[]> {
  return new Resolver(ctx, options).run(questions)
}

interface Check {
  readonly question: CheckQuestion
  readonly subject: Subject
  readonly facts: TupleFacts
  plan: CheckPlan
  /** Whether the plan was made with the closure of the subject. */
  isClosureUsed: boolean
  isDecided: boolean
}

class Resolver {
  readonly #ctx: Context
  readonly #options: ResolveOptions
  readonly #subjects = new Map<string, Subject>()
  readonly #tuples: SharedFacts
  #revision: number
  /** Whether a statement of this resolution has told the newest revision. */
  #isVerified: boolean

  constructor(ctx: Context, options: ResolveOptions) {
    this.#ctx = ctx
    this.#options = options
    this.#tuples = new SharedFacts(options.cache)
    this.#revision = options.cache.revision ?? 0
    this.#isVerified = options.isCacheTrusted
  }

  async run(questions: readonly CheckQuestion[]): Promise<CheckResolution[]> {
    const { model } = this.#options
    // A relation without a rewrite is most often decided by its own tuples, for which shapes are not needed.
    if (!this.#tuples.shapes && questions.some(({ relation }) => isRewritten(model, relation))) await this.#readShapes()
    const checks: Check[] = []
    for (const question of questions) {
      checks.push(await this.#begin(question))
      requireRoomFor(checks)
    }
    for (let open = checks.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
      const missing = await missingFacts(open)
      const changed = missing ? await this.#readMissing(open, missing) : await this.#readBeyondLimits(open)
      if (!missing && changed.length === 0) break
      for (const check of changed) {
        Object.assign(check, await this.#plan(check))
        await this.#decide(check)
        requireRoomFor(checks)
      }
    }
    await this.#requireNewest()
    const resolutions: CheckResolution[] = []
    for (const check of checks) resolutions.push(await this.#conclude(check))
    return resolutions
  }

  async #begin(question: CheckQuestion): Promise<Check> {
    const subject = this.#subjectOf(question.subject)
    const facts = new SubjectFacts(subject, question.conditions, this.#tuples)
    const of = { question, subject, facts }
    const check = { ...of, ...(await this.#plan(of)), isDecided: false }
    await this.#decide(check)
    return check
  }

  /** A plan with the facts read so far. */
  async #plan({ question, subject, facts }: Pick<Check, 'question' | 'subject' | 'facts'>) {
    const isClosureUsed = subject.closure !== undefined
    const planner = new Planner(question, this.#options.model, facts)
    if (!planner.advance()) await complete(planner)
    return { plan: planner.plan, isClosureUsed }
  }

  #subjectOf(columns: SubjectColumns): Subject {
    const name = subjectName(columns)
    const found = this.#subjects.get(name)
    if (found) return found
    const closure = this.#options.isExhaustive ? undefined : this.#options.cache.closure(name)
    const subject = { columns, name, shape: subjectShape(columns), own: new Map(), closure }
    this.#subjects.set(name, subject)
    return subject
  }

  /** A check is decided where it is true whatever else would be read. */
  async #decide(check: Check): Promise<void> {
    if (this.#options.isExhaustive) return
    const { root, hasNegation, nodeList } = check.plan
    check.isDecided = root.own === 'yes'
    if (!check.isDecided && !hasNegation) {
      const fixpoint = positiveFixpoint(nodeList)
      if (!fixpoint.advance()) await complete(fixpoint)
      check.isDecided = fixpoint.found.has(root)
    }
    if (check.isDecided) root.truth = 'yes'
  }

  /** Reads what the plans are missing; returns the checks whose plans change by that. */
  async #readMissing(open: readonly Check[], missing: MissingFacts): Promise<Check[]> {
    const { cache } = this.#options
    const slices = this.#ctx.capabilities.inProcess ? sliceFacts(missing, maxNamesAtOnce) : [missing]
    let rowsLeft = maxRows
    for (const slice of slices) {
      const read = await readFacts(this.#ctx, slice, { cache, maxRows: rowsLeft })
      await this.#catchUp(read.revision)
      this.#accept(read.revision, slice.usersets)
      this.#isVerified = true
      const isComplete = read.rowCount < rowsLeft
      if (!isComplete && open.length > 1) throw new TooManyChecksError()
      this.#keep(slice, read, isComplete)
      rowsLeft = Math.max(0, rowsLeft - read.rowCount)
      if (isTurnOver((slice.own.length + slice.usersets.size) / 2)) await nextTurn()
    }
    const changed: Check[] = []
    for (const check of open) {
      if (!isMissingFacts(check)) continue
      const hasNewUsersets = check.plan.usersetQuestions.size > 0
      check.plan = await withOwnTuples(check.plan, check.facts)
      await this.#decide(check)
      if (hasNewUsersets && !check.isDecided) changed.push(check)
    }
    await this.#readClosures(changed)
    return changed
  }

  /** Keeps facts of the revision that has just been accepted. */
  #keep({ own, usersets }: MissingFacts, read: ReadFacts, isComplete: boolean): void {
    for (const [i, { node, subject }] of own.entries()) subject.own.set(node.name, read.conditions[i] ?? [])
    for (const [i, name] of [...usersets.keys()].entries()) {
      const kept: Usersets = { found: read.usersets[i] ?? [], isComplete }
      this.#tuples.usersets.set(name, kept)
      if (isComplete && kept.found.length <= maxCachedUsersets) this.#options.cache.setUsersets(name, kept)
    }
  }

  /**
   * What ended at a limit may still follow from the closure of the subject, so that the answer does not depend on which
   * closures were cached, or read for another check of the batch. Returns the checks whose plans change by that.
   */
  async #readBeyondLimits(open: readonly Check[]): Promise<Check[]> {
    if (this.#options.model.isStrict || this.#options.isExhaustive) return []
    const limited = open.filter(({ plan, isClosureUsed }) => plan.isLimited && !isClosureUsed)
    await this.#readClosures(limited)
    return limited
  }

  async #readClosures(checks: readonly Check[]): Promise<void> {
    const subjects = [...new Set(checks.map(({ subject }) => subject).filter(({ closure }) => !closure))]
    if (subjects.length === 0) return
    const shapes = this.#tuples.shapes ?? (await this.#readShapes())
    if (this.#options.isExhaustive) return
    const columns = subjects.map((subject) => subject.columns)
    const closures = await readClosures(this.#ctx, columns, shapes)
    for (const { revision } of closures) await this.#catchUp(revision)
    for (const [i, { closure, revision }] of closures.entries()) {
      const subject = subjects[i] as Subject
      this.#accept(revision)
      this.#options.cache.setClosure(subject.name, closure)
      subject.closure = closure
    }
  }

  async #readShapes(): Promise<TupleShapes> {
    const { cache } = this.#options
    const shapes = await cache.readShapes(this.#ctx)
    if (!shapes) throw new StaleReadError()
    this.#tuples.shapes = shapes
    return shapes
  }

  async #requireNewest(): Promise<void> {
    const { cache, isCacheTrusted } = this.#options
    const newest = this.#isVerified ? this.#revision : await cache.newestRevision(this.#ctx)
    await this.#catchUp(newest)
    this.#accept(newest)
    if (!isCacheTrusted) cache.confirmedAt = this.#ctx.clock.monotonic()
  }

  async #catchUp(revision: number): Promise<void> {
    const { cache } = this.#options
    if (revision > (cache.revision ?? 0)) await cache.catchUp(this.#ctx)
  }

  /**
   * What was read at a revision has to agree with what was read before and with the cache, also where the cache has gone
   * on since, or is not there yet. Other resolutions move the cache on while this one waits, so that this is synchronous
   * and what rests on it follows at once.
   */
  #accept(revision: number, justRead: ReadonlyMap<string, unknown> = noNames): void {
    const { revision: newest = 0 } = this.#options.cache
    if (this.#revision !== newest)
      this.#requireUnchangedSince(Math.min(revision, this.#revision), this.#tuples.usersets)
    if (revision !== newest) this.#requireUnchangedSince(revision, justRead)
    this.#revision = newest
  }

  #requireUnchangedSince(revision: number, usersets: ReadonlyMap<string, unknown>): void {
    const changed = this.#options.cache.invalidatedSince(revision)
    if (!changed || changed.hasUsersets) throw new StaleReadError()
    for (const name of changed.subjects) if (this.#subjects.has(name)) throw new StaleReadError()
    for (const name of changed.relations) if (usersets.has(name)) throw new StaleReadError()
  }

  async #conclude({ plan, facts }: Check): Promise<CheckResolution> {
    const { root, nodeList, hasNegation } = plan
    const { isExhaustive, model } = this.#options
    const isLimitReported = model.isStrict && plan.isLimited
    const isOpen = isExhaustive || root.truth !== 'yes'
    let certain = none
    // Otherwise nobody asks whether what is not certain is possible.
    if (isOpen && (isExhaustive || hasNegation || isLimitReported)) {
      const solver = new Solver(nodeList)
      if (!solver.advance()) await complete(solver)
      certain = solver.certain
    }
    return {
      truth: root.truth,
      revision: this.#revision,
      fault: plan.fault,
      limitation: isLimitReported && root.truth === 'unknown' ? limitationOf(root) : undefined,
      plan,
      facts,
      usersets: this.#tuples.usersets,
      certain,
    }
  }
}

function requireRoomFor(checks: readonly Check[]): void {
  if (checks.length === 1) return
  const nodes = checks.reduce((sum, { plan }) => sum + plan.nodeList.length, 0)
  if (nodes > maxNodesTogether) throw new TooManyChecksError()
}

function isOpen({ isDecided }: Check): boolean {
  return !isDecided
}

const none: ReadonlySet<CheckNode> = new Set()
const noNames: ReadonlyMap<string, unknown> = new Map()

function isRewritten(model: CheckModel, [namespace, , relation]: ObjectRelation): boolean {
  return model.relation(namespace, relation)?.rewrite !== undefined
}

import type { Context } from '../../kernel/context.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { readClosures } from './closure/closure.ts'
import { SharedFacts, type Subject, SubjectFacts } from './facts.ts'
import { type CheckNode, solve, solvePositive } from './formula.ts'
import { isMissingFacts, type MissingFacts, missingFacts } from './missing-facts.ts'
import { type CheckModel, type CheckPlan, planCheck, type TupleFacts, withOwnTuples } from './plan.ts'
import type { CheckQuestion, CheckResolution } from './resolution.ts'
import { type AtRevision, type ObjectRelation, readTuples, type SubjectRow, type TupleName } from './store.ts'
import { subjectName, type TupleCache } from './tuple-cache.ts'
import { subjectShape, type TupleShapes } from './tuple-shapes.ts'
import { type Usersets, usersetsFrom } from './usersets.ts'

/** Rows read for one step of a resolution; what lies beyond is unknown. */
const maxRows = 50_000
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

/** Tuples changed while a resolution ran, so that what it read is not of one revision. */
export class StaleReadError extends Error {}

/** Several checks together read more rows than one may; each has to be resolved by itself. */
export class TooManyRowsError extends Error {}

/**
 * Resolves checks at one revision. In each round one statement reads what all of them are missing, so that they take as
 * many statements as the deepest has steps, however wide they are; what is cached is not read.
 * @throws StaleReadError, TooManyRowsError
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
    const checks = questions.map((question) => this.#begin(question))
    for (let open = checks.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
      const missing = missingFacts(open)
      const changed = missing ? await this.#readMissing(open, missing) : await this.#readBeyondLimits(open)
      if (!missing && changed.length === 0) break
      for (const check of changed) {
        check.isClosureUsed = check.subject.closure !== undefined
        this.#update(check, planCheck(check.question, model, check.facts))
      }
    }
    await this.#requireNewest()
    return checks.map((check) => this.#conclude(check))
  }

  #begin(question: CheckQuestion): Check {
    const subject = this.#subjectOf(question.subject)
    const facts = new SubjectFacts(subject, question.conditions, this.#tuples)
    const plan = planCheck(question, this.#options.model, facts)
    const isClosureUsed = subject.closure !== undefined
    const check = { question, subject, facts, plan, isClosureUsed, isDecided: false }
    this.#update(check, plan)
    return check
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

  /** Takes a plan over; it is decided where it is true whatever else would be read. */
  #update(check: Check, plan: CheckPlan): void {
    check.plan = plan
    if (this.#options.isExhaustive) return
    const { root, hasNegation, nodeList } = plan
    check.isDecided = root.own === 'yes' || (!hasNegation && solvePositive(nodeList).has(root))
    if (check.isDecided) root.truth = 'yes'
  }

  /** Reads what the plans are missing; returns the checks whose plans change by that. */
  async #readMissing(open: readonly Check[], missing: MissingFacts): Promise<Check[]> {
    const { rows, revision } = await this.#read(missing)
    await this.#catchUp(revision)
    this.#accept(revision)
    this.#isVerified = true
    this.#keep(missing, { rows, isComplete: rows.length < maxRows, isAlone: open.length === 1 })
    const changed: Check[] = []
    for (const check of open) {
      if (!isMissingFacts(check)) continue
      const hasNewUsersets = check.plan.usersetQuestions.size > 0
      this.#update(check, withOwnTuples(check.plan, check.facts))
      if (hasNewUsersets && !check.isDecided) changed.push(check)
    }
    await this.#readClosures(changed)
    return changed
  }

  async #read({ own, usersets }: MissingFacts): Promise<AtRevision<SubjectRow>> {
    const tuples = own.map(({ node, subject }) => tupleName(node.relation, subject.columns))
    const relations = [...usersets.values()]
    if (relations.length === 0 && tuples.length <= maxBatched && !this.#ctx.capabilities.inProcess) {
      const batched = await this.#readBatched(tuples)
      if (batched) return batched
    }
    return readTuples(this.#ctx, { own: tuples, usersets: relations }, maxRows)
  }

  /** Own tuples alone are read with those of other resolutions; undefined where that does not tell enough. */
  async #readBatched(tuples: readonly TupleName[]): Promise<AtRevision<SubjectRow> | undefined> {
    const { cache } = this.#options
    const answers = await Promise.all(tuples.map((tuple) => cache.ownTuple(this.#ctx, tuple)))
    const revision = answers[0]?.revision ?? 0
    if (answers.some((one) => one.condition || one.revision !== revision)) return undefined
    const rows = answers.flatMap(({ condition }, question) =>
      condition === '' ? [{ question, condition, ...noSubject }] : [],
    )
    return { rows, revision }
  }

  #keep(
    { own, usersets }: MissingFacts,
    { rows, isComplete, isAlone }: { rows: readonly SubjectRow[]; isComplete: boolean; isAlone: boolean },
  ): void {
    if (!isComplete && !isAlone) throw new TooManyRowsError()
    const conditions: string[][] = own.map(() => [])
    const members: SubjectRow[][] = Array.from({ length: usersets.size }, () => [])
    for (const row of rows) {
      if (row.subject_namespace === '') conditions[row.question]?.push(row.condition)
      else members[row.question]?.push(row)
    }
    own.forEach(({ node, subject }, i) => {
      subject.own.set(node.name, conditions[i] ?? [])
    })
    for (const [i, name] of [...usersets.keys()].entries()) {
      const found = usersetsFrom(members[i] ?? [])
      const read: Usersets = { found, isComplete }
      this.#tuples.usersets.set(name, read)
      if (isComplete && found.length <= maxCachedUsersets) this.#options.cache.setUsersets(name, read)
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
    if (!shapes || cache.revision !== this.#revision) throw new StaleReadError()
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
   * What was read at a revision has to agree with what was read before and with the cache. Other resolutions move the
   * cache on while this one waits, so that this is synchronous and what rests on it follows at once.
   */
  #accept(revision: number): void {
    const { revision: newest = 0 } = this.#options.cache
    if (newest < revision) throw new StaleReadError()
    const oldest = Math.min(revision, this.#revision)
    if (oldest !== newest) this.#requireUnchangedSince(oldest)
    this.#revision = newest
  }

  #requireUnchangedSince(revision: number): void {
    const changed = this.#options.cache.invalidatedSince(revision)
    if (!changed || changed.hasUsersets) throw new StaleReadError()
    for (const name of changed.subjects) if (this.#subjects.has(name)) throw new StaleReadError()
    for (const name of changed.relations) if (this.#tuples.usersets.has(name)) throw new StaleReadError()
  }

  #conclude({ plan, facts }: Check): CheckResolution {
    const { root, nodeList, hasNegation } = plan
    const { isExhaustive } = this.#options
    const isOpen = isExhaustive || root.truth !== 'yes'
    // Without a negation nobody asks whether what is not certain is possible.
    const certain = isOpen && (isExhaustive || hasNegation) ? solve(nodeList) : none
    return {
      truth: root.truth,
      revision: this.#revision,
      fault: plan.fault,
      plan,
      facts,
      usersets: this.#tuples.usersets,
      certain,
    }
  }
}

function isOpen({ isDecided }: Check): boolean {
  return !isDecided
}

const none: ReadonlySet<CheckNode> = new Set()

/** How many own tuples go with those of other resolutions. */
const maxBatched = 100

/** Stands for the subject in the answer to a question about an own tuple. */
const noSubject: SubjectColumns = { subject_namespace: '', subject_object: '', subject_relation: '' }

function tupleName(relation: ObjectRelation, subject: SubjectColumns): TupleName {
  const { subject_namespace, subject_object, subject_relation } = subject
  return [...relation, subject_namespace, subject_object, subject_relation]
}

function isRewritten(model: CheckModel, [namespace, , relation]: ObjectRelation): boolean {
  return model.relation(namespace, relation)?.rewrite !== undefined
}

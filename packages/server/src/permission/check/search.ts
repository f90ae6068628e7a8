import type { Context } from '../../kernel/context.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { type Goal, solve, solvePlainly } from './formula.ts'
import { Goals, type GoalsOptions } from './goals.ts'
import type { Kinds } from './kinds.ts'
import { type Known, subjectName } from './known.ts'
import { type Sets, setsFrom } from './sets.ts'
import { type Asked, askTuples, type Found, type ObjectRelation } from './store.ts'
import { readView } from './subject/view.ts'

/** More rows than this are not read for one round of a check; what lies beyond is unknown. */
const mostRows = 50_000
/** So many sets of one relation are kept for later checks. */
const mostKept = 5000

export interface SearchOptions extends GoalsOptions {
  /** Whether what is known may be used without asking if it still holds. */
  readonly trusting: boolean
  /** Looks at everything that the answer rests on, and only from above, so that it can be told. */
  readonly thorough: boolean
}

/** Stands in an answer about the subject itself. */
const nobody: SubjectColumns = { subject_namespace: '', subject_object: '', subject_relation: '' }

/** Says that tuples changed while somebody searched; what was found does not belong together. */
export class Moved {}

/**
 * One check at one revision. What goals want to know is asked at once for all of them, round by round, so that a check
 * takes as many questions as it has steps, however wide it is; what the process knows already is not asked.
 */
export class Search {
  readonly goals: Goals
  /** The revision at which all is so that was found. */
  at: number
  /** Goals that are surely true, each after those that it rests on. */
  sure: ReadonlySet<Goal> = new Set()
  readonly #ctx: Context
  readonly #options: SearchOptions
  readonly #known: Known
  readonly #subjectName: string
  #verified: boolean
  /** Whether all goals were worked out with what is known of the subject from below. */
  #viewed: boolean

  constructor(ctx: Context, options: SearchOptions) {
    const { known, subject, trusting, thorough } = options
    this.#ctx = ctx
    this.#options = options
    this.#known = known
    this.#subjectName = subjectName(subject)
    this.#verified = trusting
    this.at = known.revision ?? 0
    this.goals = new Goals(ctx, options)
    this.goals.kinds = known.kinds
    if (!thorough) this.goals.view = known.view(this.#subjectName)
    this.#viewed = this.goals.view !== undefined
  }

  /**
   * Whether the subject has the relation, in at most `depth` steps as Keto counts them.
   * @throws Moved where tuples changed meanwhile.
   */
  async run(relation: ObjectRelation, depth: number): Promise<Goal> {
    // A plain relation is most often answered by its own tuples, for which the kinds are not needed.
    if (!this.goals.kinds && this.goals.isRuled(relation)) await this.#readKinds()
    const root = this.goals.reach(relation, nameOf(relation), depth, false)
    for (;;) {
      this.goals.workOut()
      if (this.#isDecided(root)) break
      if (await this.#ask()) {
        if (this.#isDecided(root)) break
        if (this.goals.isStale) await this.#lookFromBelow()
      } else if (!(await this.#lookFurther())) break
    }
    const newest = this.#verified ? this.at : await this.#known.newest(this.#ctx)
    await this.#follow(newest)
    this.#accept(newest)
    if (!this.#options.trusting) this.#known.confirmedAt = this.#ctx.clock.now()
    if (this.#options.thorough || root.truth !== 'yes') this.#solve()
    return root
  }

  /** Whether what is known makes it true already. */
  #isDecided(root: Goal): boolean {
    if (this.#options.thorough) return false
    const sure = root.direct === 'yes' || (!this.goals.negates && solvePlainly([...this.goals.all.values()]).has(root))
    if (sure) root.truth = 'yes'
    return sure
  }

  #solve(): void {
    // Without a negation nobody asks whether what is not surely true is possible.
    if (this.#options.thorough || this.goals.negates) this.sure = solve([...this.goals.all.values()])
  }

  /** Asks for everything that is open; tells whether there was anything. */
  async #ask(): Promise<boolean> {
    const { direct, sets } = this.goals.takeQuestions()
    if (direct.length === 0 && sets.length === 0) return false
    const { rows, revision } = await this.#askAbout(direct, sets)
    await this.#follow(revision)
    this.#accept(revision)
    this.#verified = true
    const own: string[][] = direct.map(() => [])
    const members: Found[][] = sets.map(() => [])
    for (const row of rows) {
      if (row.subject_namespace === '') own[row.question]?.push(row.condition)
      else members[row.question]?.push(row)
    }
    direct.forEach((goal, i) => {
      goal.own = own[i] ?? []
      goal.direct = this.goals.judge(goal.own)
    })
    const complete = rows.length < mostRows
    sets.forEach((one, i) => {
      one.complete = complete
      one.found = setsFrom(members[i] ?? [])
      if (complete && one.found.length <= mostKept) this.#known.keepSets(one.name, one.found)
      this.goals.wake(one)
    })
    return true
  }

  async #askAbout(direct: readonly Goal[], sets: readonly Sets[]): Promise<Asked<Found>> {
    const { subject } = this.#options
    if (sets.length === 0 && !this.#ctx.capabilities.embedded) {
      const together = await this.#askTogether(direct, subject)
      if (together) return together
    }
    const questions = {
      direct: direct.map(({ relation }) => relation),
      sets: sets.map(({ relation }) => relation),
      subject,
    }
    return askTuples(this.#ctx, questions, mostRows)
  }

  /** Tuples of the subject alone can be asked for with those of other checks; undefined where that is not enough. */
  async #askTogether(direct: readonly Goal[], subject: SubjectColumns): Promise<Asked<Found> | undefined> {
    const { subject_namespace, subject_object, subject_relation } = subject
    const answers = await Promise.all(
      direct.map(({ relation }) =>
        this.#known.ownTuple(this.#ctx, [...relation, subject_namespace, subject_object, subject_relation]),
      ),
    )
    const revision = answers[0]?.revision ?? 0
    if (answers.some((one) => one.condition || one.revision !== revision)) return undefined
    const rows = answers.flatMap(({ condition }, question) =>
      condition === '' ? [{ question, condition, ...nobody }] : [],
    )
    return { rows, revision }
  }

  async #follow(revision: number): Promise<void> {
    if (revision > (this.#known.revision ?? 0)) await this.#known.catchUp(this.#ctx)
  }

  /**
   * What was read at a revision belongs to what was found before and to what the process knows, or the search has to
   * begin anew. Others go on while one waits, so that whatever rests on it follows at once.
   */
  #accept(revision: number): void {
    const { revision: newest = 0 } = this.#known
    if (newest < revision) throw new Moved()
    const oldest = Math.min(revision, this.at)
    if (oldest !== newest) this.#requireUntouched(oldest)
    this.at = newest
  }

  #requireUntouched(since: number): void {
    const touched = this.#known.touchedSince(since)
    if (!touched || touched.groups || touched.subjects.has(this.#subjectName)) throw new Moved()
    for (const name of touched.relations) {
      if (this.goals.all.has(name) || this.goals.sets.has(name)) throw new Moved()
    }
  }

  async #readKinds(): Promise<Kinds> {
    const kinds = await this.#known.readKinds(this.#ctx)
    if (!kinds || this.#known.revision !== this.at) throw new Moved()
    this.goals.kinds = kinds
    return kinds
  }

  /** What ended at a limit may be known from below, so that the answer is the same whatever was known before. */
  async #lookFurther(): Promise<boolean> {
    if (!this.goals.limited || this.#viewed || this.goals.strict || this.#options.thorough) return false
    await this.#lookFromBelow()
    this.#viewed = true
    this.goals.wakeAll()
    return true
  }

  async #lookFromBelow(): Promise<void> {
    const kinds = this.goals.kinds ?? (await this.#readKinds())
    if (this.#options.thorough || this.goals.view) return
    const { view, revision } = await readView(this.#ctx, this.#options.subject, kinds)
    await this.#follow(revision)
    this.#accept(revision)
    this.#known.keepView(this.#subjectName, view)
    this.goals.view = view
  }
}

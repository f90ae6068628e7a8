import type { ConditionEvaluator } from '../conditions/index.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import type { SubjectClosure } from './closure/closure.ts'
import type { TupleFacts } from './plan.ts'
import type { TupleCache } from './tuple-cache.ts'
import type { TupleShapes } from './tuple-shapes.ts'
import type { Usersets } from './usersets.ts'

/** What is known of one subject. */
export interface Subject {
  readonly columns: SubjectColumns
  readonly name: string
  readonly shape: string
  readonly own: Map<string, readonly string[]>
  closure: SubjectClosure | undefined
}

/** What is known of tuples whatever the subject. */
export class SharedFacts {
  readonly #cache: TupleCache
  /** Those that were read or taken from the cache, by relation. */
  readonly usersets = new Map<string, Usersets>()
  shapes: TupleShapes | undefined

  constructor(cache: TupleCache) {
    this.#cache = cache
    this.shapes = cache.shapes
  }

  usersetsOf(name: string): Usersets | undefined {
    const known = this.usersets.get(name)
    if (known) return known
    const cached = this.#cache.usersets(name)
    if (cached) this.usersets.set(name, cached)
    return cached
  }
}

/** What is known for one check. A class, since checks are too frequent for a closure for each of its members. */
export class SubjectFacts implements TupleFacts {
  readonly #subject: Subject
  readonly #conditions: ConditionEvaluator
  readonly #shared: SharedFacts

  constructor(subject: Subject, conditions: ConditionEvaluator, shared: SharedFacts) {
    this.#subject = subject
    this.#conditions = conditions
    this.#shared = shared
  }

  get shapes() {
    return this.#shared.shapes
  }

  get subjectShape() {
    return this.#subject.shape
  }

  get closure() {
    return this.#subject.closure
  }

  ownConditions(name: string) {
    return this.#subject.own.get(name)
  }

  usersets(name: string) {
    return this.#shared.usersetsOf(name)
  }

  prepareAny(stored: readonly string[]) {
    return this.#conditions.prepare(stored)
  }

  evaluateAny(stored: readonly string[]) {
    return this.#conditions.any(stored)
  }
}

import type { Context } from '../../kernel/context.ts'
import { parseChanges, partSize, type RecordedChange } from '../changes/record.ts'
import { changesAfter, currentRevision } from '../changes/store.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { Batcher } from './batcher.ts'
import type { SubjectClosure } from './closure/closure.ts'
import { GenerationalCache } from './generational-cache.ts'
import { type OwnTuple, readOwnTuple, readOwnTuples, type TupleName } from './store.ts'
import { readShapes, type TupleShapes } from './tuple-shapes.ts'
import type { Userset, Usersets } from './usersets.ts'

/** For all projects of this process, in characters of names and the overhead of entries: some 56 MB of heap. */
const maxCharacters = 64_000_000
const entrySize = 100
/** Beyond so many revisions the cache is cleared instead of updated. */
const maxRevisions = 50

const usersetCache = new GenerationalCache<Usersets>({
  maxSize: maxCharacters / 2,
  sizeOf: ({ found }, key) => found.reduce((size, one) => size + sizeOf(one), entrySize + key.length),
})
const closureCache = new GenerationalCache<{ closure: SubjectClosure; usersetChanges: number }>({
  maxSize: maxCharacters / 2,
  sizeOf: ({ closure }, key) => {
    const names = [...(closure.own?.keys() ?? []), ...(closure.distances?.keys() ?? [])]
    return names.reduce((size, name) => size + entrySize + name.length, entrySize + key.length)
  },
})

/** What following a change takes, in steps of a search. */
const stepsPerChange = 1

/** Beyond every part of a revision. */
const lastPart = 2 ** 31 - 1

/** What some revisions may have changed. */
export interface Invalidation {
  readonly relations: ReadonlySet<string>
  readonly subjects: ReadonlySet<string>
  /** Whether a direct userset changed, so that any subject may be a member of others than before. */
  readonly hasUsersets: boolean
}

/**
 * The tuples of a project that this process has read, all at one revision: the subject sets of relations, and the
 * closures of subjects. The cache follows the record of changes and drops exactly what a change invalidates. Whoever
 * adds to it has to have read at its revision.
 */
export class TupleCache {
  /** The revision of everything in the cache. */
  revision: number | undefined
  /** When that was last seen to be the newest revision, in milliseconds. */
  confirmedAt = Number.NEGATIVE_INFINITY
  shapes: TupleShapes | undefined
  /** Replaced whenever the cache is cleared, so that a read that began before is recognized. */
  #epoch = {}
  /** Counts the changes of direct usersets, each of which invalidates every closure. */
  #usersetChanges = 0
  #catchingUp: Promise<void> | undefined
  #revisions: Batcher<undefined, number> | undefined
  #ownTuples: Batcher<TupleName, OwnTuple> | undefined
  /** The latest ones, the newest last. */
  #invalidations: (Invalidation & { revision: number })[] = []

  /** The newest revision. Over a network, callers share one statement. */
  async newestRevision(ctx: Context): Promise<number> {
    if (ctx.capabilities.inProcess) return currentRevision(ctx)
    this.#revisions ??= new Batcher(async (questions) => {
      const revision = await currentRevision(ctx)
      return questions.map(() => revision)
    })
    return this.#revisions.ask(undefined)
  }

  /** Whether a tuple exists; nothing of it is cached. Over a network, callers share one statement. */
  async ownTuple(ctx: Context, tuple: TupleName): Promise<OwnTuple> {
    if (ctx.capabilities.inProcess) return readOwnTuple(ctx, tuple)
    this.#ownTuples ??= new Batcher((tuples) => readOwnTuples(ctx, tuples))
    return this.#ownTuples.ask(tuple)
  }

  usersets(name: string): Usersets | undefined {
    return usersetCache.get(this, name)
  }

  setUsersets(name: string, usersets: Usersets): void {
    usersetCache.set(this, name, usersets)
  }

  closure(subject: string): SubjectClosure | undefined {
    const entry = closureCache.get(this, subject)
    return entry?.usersetChanges === this.#usersetChanges ? entry.closure : undefined
  }

  setClosure(subject: string, closure: SubjectClosure): void {
    closureCache.set(this, subject, { closure, usersetChanges: this.#usersetChanges })
  }

  /** The shapes of tuples, read once. Undefined where they changed meanwhile. */
  async readShapes(ctx: Context): Promise<TupleShapes | undefined> {
    const epoch = this.#epoch
    const shapes = this.shapes ?? (await readShapes(ctx))
    if (this.#epoch !== epoch) return undefined
    this.shapes = shapes
    return shapes
  }

  /** Goes on to the newest revision. */
  async catchUp(ctx: Context): Promise<void> {
    this.#catchingUp ??= this.#followChanges(ctx).finally(() => {
      this.#catchingUp = undefined
    })
    await this.#catchingUp
  }

  async #followChanges(ctx: Context): Promise<void> {
    const from = this.revision
    if (from === undefined) return this.#clear(await currentRevision(ctx))
    const place = { revision: from, part: lastPart }
    const rows = await changesAfter(ctx, place, { most: partSize, rows: maxRevisions })
    // A gap in the revisions means that the record was cleaned, or that a revision has more parts than were read.
    const isWhole = rows.every(({ revision }, i) => revision === from + i + 1) && rows.length > 0
    if (!isWhole || rows.length === maxRevisions) return this.#clear(await currentRevision(ctx))
    for (const row of rows) {
      this.#apply(row.revision, parseChanges(row.changes))
      if (isTurnOver(stepsPerChange * row.count)) await nextTurn()
    }
  }

  #apply(revision: number, changes: readonly RecordedChange[]): void {
    const hasNewShape = changes.some(
      ({ action, tuple }) => action === 'insert' && this.shapes && !this.shapes.has(tuple),
    )
    if (hasNewShape) {
      this.#clear(revision)
      return
    }
    const relations = new Set(
      changes.map(({ tuple: { namespace, object, relation } }) => nameOf([namespace, object, relation])),
    )
    const subjects = new Set(changes.map(({ tuple }) => subjectName(tuple)))
    const { shapes } = this
    const hasUsersets =
      !shapes || changes.some(({ tuple: { namespace, relation } }) => shapes.of(namespace, relation)?.isDirectUserset)
    for (const name of relations) usersetCache.delete(this, name)
    for (const name of subjects) closureCache.delete(this, name)
    if (hasUsersets) this.#usersetChanges++
    this.#invalidations.push({ revision, relations, subjects, hasUsersets })
    if (this.#invalidations.length > maxRevisions) this.#invalidations.shift()
    this.revision = revision
  }

  /** What changed since a revision; undefined where the cache no longer has the record, or has not come that far. */
  invalidatedSince(revision: number): Invalidation | undefined {
    const since = this.#invalidations.filter((one) => one.revision > revision)
    if (since.length !== (this.revision ?? 0) - revision) return undefined
    return {
      relations: new Set(since.flatMap(({ relations }) => [...relations])),
      subjects: new Set(since.flatMap(({ subjects }) => [...subjects])),
      hasUsersets: since.some(({ hasUsersets }) => hasUsersets),
    }
  }

  #clear(revision: number | undefined): void {
    this.#epoch = {}
    usersetCache.clear(this)
    closureCache.clear(this)
    this.shapes = undefined
    this.#invalidations = []
    this.revision = revision
  }
}

/** One text for a subject. */
export function subjectName({ subject_namespace, subject_object, subject_relation }: SubjectColumns): string {
  return nameOf([subject_namespace, subject_object, subject_relation])
}

const ofProject = new WeakMap<object, { config: object; cache: TupleCache }>()

/** The cache of a project, under its present configuration. */
export function tupleCacheOf({ project, config }: Context): TupleCache {
  const found = ofProject.get(project)
  if (found?.config === config.permission) return found.cache
  const cache = new TupleCache()
  ofProject.set(project, { config: config.permission, cache })
  return cache
}

function sizeOf({ name, conditions }: Userset): number {
  return entrySize + 2 * name.length + conditions.join('').length
}

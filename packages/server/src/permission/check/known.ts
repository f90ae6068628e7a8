import type { Context } from '../../kernel/context.ts'
import { partSize, type RecordedChange, readChanges } from '../changes/record.ts'
import { changesAfter, currentRevision } from '../changes/store.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { type Kinds, readKinds } from './kinds.ts'
import { Memory } from './memory.ts'
import { askAllDirect, askDirect, type ObjectRelation, type Own } from './store.ts'
import type { SubjectView } from './subject/view.ts'
import { Together } from './together.ts'

/** A subject set that has a relation. */
export interface FoundSet {
  readonly relation: ObjectRelation
  readonly name: string
  /** Under what it has it, as stored, of which any suffices; empty where it always does. */
  readonly conditions: readonly string[]
}

/** For all projects of this process, in characters of names and what an entry takes by itself: some 56 MB of heap. */
const mostCharacters = 64_000_000
const entrySize = 100
/** What changed in more steps than this is not followed: everything is forgotten instead. */
const mostSteps = 50

const setsKept = new Memory<readonly FoundSet[]>({
  most: mostCharacters / 2,
  sizeOf: (sets, key) => sets.reduce((size, set) => size + sizeOf(set), entrySize + key.length),
})
const viewsKept = new Memory<{ view: SubjectView; groups: number }>({
  most: mostCharacters / 2,
  sizeOf: ({ view }, key) => {
    const names = [...(view.own?.keys() ?? []), ...(view.levels?.keys() ?? [])]
    return names.reduce((size, name) => size + entrySize + name.length, entrySize + key.length)
  },
})

/** Beyond every part of a revision. */
const lastPart = 2 ** 31 - 1

/** What changes may have made different. */
export interface Touched {
  readonly relations: ReadonlySet<string>
  readonly subjects: ReadonlySet<string>
  /** Whether plain sets changed: anybody may be in others than before. */
  readonly groups: boolean
}

/**
 * What a process knows of a project's tuples at one revision, so that it need not ask again: subject sets by the
 * relation that they have, and what a subject is in. It follows the record of changes; what a change touches is
 * forgotten. A search says at which revision it read what it adds.
 */
export class Known {
  /** Everything that is known is so at this revision. */
  revision: number | undefined
  /** When that was last seen to be the newest, in milliseconds. */
  confirmedAt = Number.NEGATIVE_INFINITY
  kinds: Kinds | undefined
  /** Changes whenever everything is forgotten, so that what was read before is told from what is read after. */
  #beginning = {}
  /** Counts the changes of plain sets, each of which may change what anybody is in. */
  #groups = 0
  #catching: Promise<void> | undefined
  #revisions: Together<undefined, number> | undefined
  #ownTuples: Together<Own, { condition: string | undefined; revision: number }> | undefined
  /** What the latest changes touched, the newest last. */
  #touched: (Touched & { revision: number })[] = []

  /** The newest revision. Where statements travel, all who want to know it go together. */
  async newest(ctx: Context): Promise<number> {
    if (ctx.capabilities.embedded) return currentRevision(ctx)
    this.#revisions ??= new Together(async (questions) => {
      const revision = await currentRevision(ctx)
      return questions.map(() => revision)
    })
    return this.#revisions.ask(undefined)
  }

  /** Whether a tuple is there; in the same way. */
  async ownTuple(ctx: Context, tuple: Own): Promise<{ condition: string | undefined; revision: number }> {
    if (ctx.capabilities.embedded) return askDirect(ctx, tuple)
    this.#ownTuples ??= new Together((tuples) => askAllDirect(ctx, tuples))
    return this.#ownTuples.ask(tuple)
  }

  sets(name: string): readonly FoundSet[] | undefined {
    return setsKept.get(this, name)
  }

  keepSets(name: string, sets: readonly FoundSet[]): void {
    setsKept.set(this, name, sets)
  }

  view(subject: string): SubjectView | undefined {
    const entry = viewsKept.get(this, subject)
    return entry?.groups === this.#groups ? entry.view : undefined
  }

  keepView(subject: string, view: SubjectView): void {
    viewsKept.set(this, subject, { view, groups: this.#groups })
  }

  /** The kinds of tuples, read once. Undefined where they changed meanwhile. */
  async readKinds(ctx: Context): Promise<Kinds | undefined> {
    const beginning = this.#beginning
    const kinds = this.kinds ?? (await readKinds(ctx))
    if (this.#beginning !== beginning) return undefined
    this.kinds = kinds
    return kinds
  }

  /** Goes on to the newest revision, which somebody saw to be another one. */
  async catchUp(ctx: Context): Promise<void> {
    this.#catching ??= this.#follow(ctx).finally(() => {
      this.#catching = undefined
    })
    await this.#catching
  }

  async #follow(ctx: Context): Promise<void> {
    const from = this.revision
    if (from === undefined) return this.#forget(await currentRevision(ctx))
    const place = { revision: from, part: lastPart }
    const rows = await changesAfter(ctx, place, { most: partSize, rows: mostSteps })
    // Whatever was removed from the record, or comes next, is missing in the row.
    const whole = rows.every(({ revision }, i) => revision === from + i + 1) && rows.length > 0
    if (!whole || rows.length === mostSteps) return this.#forget(await currentRevision(ctx))
    for (const row of rows) this.#apply(row.revision, readChanges(row.changes))
  }

  #apply(revision: number, changes: readonly RecordedChange[]): void {
    const isNew = changes.some(({ action, tuple }) => action === 'insert' && this.kinds && !this.kinds.has(tuple))
    if (isNew) {
      this.#forget(revision)
      return
    }
    const relations = new Set(
      changes.map(({ tuple: { namespace, object, relation } }) => nameOf([namespace, object, relation])),
    )
    const subjects = new Set(changes.map(({ tuple }) => subjectName(tuple)))
    const groups =
      !this.kinds || changes.some(({ tuple: { namespace, relation } }) => this.kinds?.of(namespace, relation)?.isPlain)
    for (const name of relations) setsKept.delete(this, name)
    for (const name of subjects) viewsKept.delete(this, name)
    if (groups) this.#groups++
    this.#touched.push({ revision, relations, subjects, groups })
    if (this.#touched.length > mostSteps) this.#touched.shift()
    this.revision = revision
  }

  /** What changed since a revision; undefined where nobody remembers. */
  touchedSince(revision: number): Touched | undefined {
    const since = this.#touched.filter((one) => one.revision > revision)
    if (since.length !== (this.revision ?? 0) - revision) return undefined
    return {
      relations: new Set(since.flatMap(({ relations }) => [...relations])),
      subjects: new Set(since.flatMap(({ subjects }) => [...subjects])),
      groups: since.some(({ groups }) => groups),
    }
  }

  #forget(revision: number | undefined): void {
    this.#beginning = {}
    setsKept.forget(this)
    viewsKept.forget(this)
    this.kinds = undefined
    this.#touched = []
    this.revision = revision
  }
}

/** One text for a subject. */
export function subjectName({ subject_namespace, subject_object, subject_relation }: SubjectColumns): string {
  return nameOf([subject_namespace, subject_object, subject_relation])
}

const ofProject = new WeakMap<object, { under: object; known: Known }>()

/** What is known of the tuples of a project, under its present configuration. */
export function knownOf({ project, config }: Context): Known {
  const found = ofProject.get(project)
  if (found?.under === config.permission) return found.known
  const known = new Known()
  ofProject.set(project, { under: config.permission, known })
  return known
}

function sizeOf({ name, conditions }: FoundSet): number {
  return entrySize + 2 * name.length + conditions.join('').length
}

import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { RelationTupleChangesRow } from '../tables.ts'
import { parseChanges, partSize, type RecordedChange } from './record.ts'
import { changesAfter, currentRevision, oldestPart, type Part, partsAfter } from './store.ts'
import { afterRevision, type Place } from './token.ts'

/** A change with the time at which it was made, in milliseconds since 1970. */
export interface ReadChange extends RecordedChange {
  changedAt: number
}

export interface ChangePage {
  changes: ReadChange[]
  /** Where the next page begins. */
  next: Place
  /** Whether there are more changes now. */
  more: boolean
}

export interface PageOptions {
  /** The maximum number of changes. */
  size: number
  /** Only changes of this namespace. */
  namespace?: string | undefined
}

/** The maximum number of changes to scan for one filtered page. */
const maxScanned = 1000

/** The earliest position from which the record is complete. */
export async function beginning(ctx: Context): Promise<Place> {
  const current = await currentRevision(ctx)
  const oldest = await oldestPart(ctx)
  if (!oldest) return afterRevision(current)
  // If parts of the oldest revision were removed, the record is complete from the next revision on.
  return afterRevision(oldest.part === 0 ? oldest.revision - 1 : oldest.revision)
}

/** The position after all committed changes. */
export async function end(ctx: Context): Promise<Place> {
  return afterRevision(await currentRevision(ctx))
}

/**
 * The changes from a position on. A page ends between two revisions, unless one is larger than a page.
 * @throws ApiError 410 if the record does not reach back that far.
 */
export async function readPage(ctx: Context, from: Place, { size, namespace }: PageOptions): Promise<ChangePage> {
  const most = namespace === undefined ? size : Math.max(size, maxScanned)
  // Read first: a revision up to this one that is not in the record must have been removed.
  const current = await currentRevision(ctx)
  const parts = await partsAfter(ctx, { revision: from.revision, part: from.part - 1 }, most + 1)
  requireNoGaps(from, parts, current)
  const rows = await changesAfter(
    ctx,
    { revision: from.revision, part: from.part - 1 },
    { most: partSize, rows: partsFor(most + from.index, parts) },
  )
  requireNoGaps(from, rows, current)
  if (rows.length === 0) return { changes: [], next: from, more: false }
  const after = parts[rows.length]
  return { ...pageOf(rows, { from, size, most, namespace, after }) }
}

/** The number of parts to read for a page; the last one may not fit completely. */
function partsFor(size: number, parts: readonly Part[]): number {
  let [count, total] = [0, 0]
  for (const part of parts) {
    if (total >= size) break
    total += part.count
    count++
  }
  return count
}

/** Requires parts without gaps: a gap means that changes were removed, or lost when a backup was restored. */
function requireNoGaps(from: Place, parts: readonly Part[], current: number): void {
  const [first] = parts
  const begins = first ? first.revision === from.revision && first.part === from.part : false
  const follows = parts.every((part, i) => i === 0 || isNext(parts[i - 1] as Part, part))
  const nothingYet = !first && from.revision === current + 1 && from.part === 0
  if ((begins && follows) || nothingYet) return
  const reason =
    'What changed since this state is not known any more: read the relationships anew and go on from there.'
  throw ApiError.gone({ reason })
}

function isNext(before: Part, { revision, part }: Part): boolean {
  if (revision === before.revision) return part === before.part + 1
  return revision === before.revision + 1 && part === 0
}

interface Reading extends PageOptions {
  from: Place
  most: number
  /** The part after the rows. */
  after: Part | undefined
}

function pageOf(rows: readonly RelationTupleChangesRow[], { from, size, most, namespace, after }: Reading): ChangePage {
  const changes: ReadChange[] = []
  let seen = 0
  let whole: { length: number; next: Place } | undefined
  for (const [i, row] of rows.entries()) {
    const { revision, part } = row
    const entries = parseChanges(row.changes)
    for (let index = i === 0 ? from.index : 0; index < entries.length; index++, seen++) {
      const entry = entries[index] as RecordedChange
      const wanted = namespace === undefined || entry.tuple.namespace === namespace
      if (seen === most || (wanted && changes.length === size))
        return truncatePage(changes, whole, { revision, part, index })
      if (wanted) changes.push({ ...entry, changedAt: row.changed_at })
    }
    const following = rows[i + 1] ?? after
    if (following?.revision !== revision) whole = { length: changes.length, next: afterRevision(revision) }
  }
  const last = rows.at(-1) as RelationTupleChangesRow
  if (after?.revision === last.revision) return truncatePage(changes, whole, { ...after, index: 0 })
  return { changes, next: afterRevision(last.revision), more: after !== undefined }
}

/** Ends a page early: after its last complete revision, if there is one. */
function truncatePage(
  changes: ReadChange[],
  whole: { length: number; next: Place } | undefined,
  here: Place,
): ChangePage {
  const { revision, part, index } = here
  if (!whole) return { changes, next: { revision, part, index }, more: true }
  return { changes: changes.slice(0, whole.length), next: whole.next, more: true }
}

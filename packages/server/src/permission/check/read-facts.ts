import type { Context } from '../../kernel/context.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import type { MissingFacts } from './missing-facts.ts'
import { type AtRevision, type ObjectRelation, readTuples, type SubjectRow, type TupleName } from './store.ts'
import type { TupleCache } from './tuple-cache.ts'
import { emptyUsersets, type Userset, UsersetCollector } from './usersets.ts'

/** SQLite answers synchronously, so that what one statement reads there is limited. */
const maxRowsAtOnce = 2000
/** What reading a row takes, in steps of a search. */
const stepsPerRow = 1 / 2
/** How many own tuples go with those of other resolutions. */
const maxBatched = 100

/** Tuples changed while a resolution ran, so that what it read is not of one revision. */
export class StaleReadError extends Error {}

/** Facts in the order of the questions, all at one revision. */
export interface ReadFacts {
  /** The conditions of each own tuple. */
  readonly conditions: readonly (readonly string[])[]
  /** The subject sets of each relation. */
  readonly usersets: readonly (readonly Userset[])[]
  readonly rowCount: number
  readonly revision: number
}

interface ReadOptions {
  readonly cache: TupleCache
  /** The maximum number of subject sets. */
  readonly maxRows: number
}

/**
 * Reads what a check is missing.
 * @throws StaleReadError
 */
export async function readFacts(ctx: Context, missing: MissingFacts, options: ReadOptions): Promise<ReadFacts> {
  const { rows, revision } = await readRows(ctx, missing, options)
  const conditions: string[][] = missing.own.map(() => [])
  const collectors: (UsersetCollector | undefined)[] = []
  for (const row of rows) {
    const { question } = row
    if (isOwn(row)) conditions[question]?.push(row.condition)
    else {
      const collector = collectors[question] ?? new UsersetCollector()
      collectors[question] = collector
      collector.add(row)
    }
    if (isTurnOver(stepsPerRow)) await nextTurn()
  }
  const usersets = Array.from({ length: missing.usersets.size }, (_, i) => collectors[i]?.found ?? emptyUsersets.found)
  return { conditions, usersets, rowCount: rows.length, revision }
}

async function readRows(
  ctx: Context,
  { own, usersets }: MissingFacts,
  { cache, maxRows }: ReadOptions,
): Promise<AtRevision<SubjectRow>> {
  const tuples = own.map(({ node, subject }) => tupleName(node.relation, subject.columns))
  const relations = [...usersets.values()]
  if (ctx.capabilities.inProcess) return readInPages(ctx, { own: tuples, usersets: relations }, maxRows)
  if (relations.length === 0 && tuples.length <= maxBatched) {
    const batched = await readBatched(ctx, cache, tuples)
    if (batched) return batched
  }
  return readTuples(ctx, { own: tuples, usersets: relations }, { maxRows, skippedRows: 0 })
}

async function readInPages(
  ctx: Context,
  { own, usersets }: { own: readonly TupleName[]; usersets: readonly ObjectRelation[] },
  maxRows: number,
): Promise<AtRevision<SubjectRow>> {
  const limitOf = (skippedRows: number) => ({ maxRows: Math.min(maxRowsAtOnce, maxRows - skippedRows), skippedRows })
  const first = await readTuples(ctx, { own, usersets }, limitOf(0))
  const ownRows = own.length === 0 ? 0 : first.rows.filter(isOwn).length
  let [pageLength, limit] = [first.rows.length - ownRows, limitOf(0)]
  while (pageLength === limit.maxRows && limit.skippedRows + pageLength < maxRows) {
    if (isTurnOver(stepsPerRow * pageLength)) await nextTurn()
    limit = limitOf(limit.skippedRows + pageLength)
    const page = await readTuples(ctx, { own: [], usersets }, limit)
    if (page.revision !== first.revision) throw new StaleReadError()
    first.rows.push(...page.rows)
    pageLength = page.rows.length
  }
  return first
}

/** Own tuples alone are read with those of other resolutions; undefined where that does not tell enough. */
async function readBatched(
  ctx: Context,
  cache: TupleCache,
  tuples: readonly TupleName[],
): Promise<AtRevision<SubjectRow> | undefined> {
  const answers = await Promise.all(tuples.map((tuple) => cache.ownTuple(ctx, tuple)))
  const revision = answers[0]?.revision ?? 0
  if (answers.some((one) => one.condition || one.revision !== revision)) return undefined
  const rows = answers.flatMap(({ condition }, question) =>
    condition === '' ? [{ question, condition, ...noSubject }] : [],
  )
  return { rows, revision }
}

function isOwn({ subject_namespace }: SubjectRow): boolean {
  return subject_namespace === ''
}

/** Stands for the subject in the answer to a question about an own tuple. */
const noSubject: SubjectColumns = { subject_namespace: '', subject_object: '', subject_relation: '' }

function tupleName(relation: ObjectRelation, subject: SubjectColumns): TupleName {
  const { subject_namespace, subject_object, subject_relation } = subject
  return [...relation, subject_namespace, subject_object, subject_relation]
}

import type { Context } from '../../kernel/context.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { maxFound } from './limits.ts'

/** The maximum number of questions in one statement where statements are synchronous. */
const maxQuestionsAtOnce = 500
/** What answering a question, or reading a row of the answer, takes, in steps of a search. */
const stepsPerQuestion = 1

/** The parts in which questions are asked: others have their turn between synchronous statements. */
export function slicesOf<Question>({ capabilities }: Context, questions: readonly Question[]): Question[][] {
  const size = capabilities.inProcess ? maxQuestionsAtOnce : Math.max(1, questions.length)
  const count = Math.ceil(questions.length / size)
  return Array.from({ length: count }, (_, i) => questions.slice(i * size, (i + 1) * size))
}

/** The rows that answer some questions, each with the position of its question. Undefined if they are too many. */
export async function readInSlices<Question, Row extends { question: number }>(
  ctx: Context,
  questions: readonly Question[],
  read: (ctx: Context, questions: readonly Question[], maxRows: number) => Promise<Row[]>,
): Promise<Row[] | undefined> {
  const rows: Row[] = []
  let first = 0
  for (const slice of slicesOf(ctx, questions)) {
    const some = await read(ctx, slice, maxFound + 1 - rows.length)
    for (const row of some) rows.push({ ...row, question: row.question + first })
    if (rows.length > maxFound) return undefined
    first += slice.length
    if (isTurnOver(stepsPerQuestion * (slice.length + some.length))) await nextTurn()
  }
  return rows
}

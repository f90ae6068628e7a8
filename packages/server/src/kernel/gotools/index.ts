import { checkLimits, enqueue, isQueueEmpty, requestLimits, takeNext } from './queue.ts'
import { ThreadEnded } from './thread.ts'
import { currentThread, replaceThread } from './threads.ts'

const maxInputBytes = 4 << 20
/** A thread whose memory has grown beyond this is replaced. */
const maxIdleMemoryBytes = 64 << 20

/** A source that is not valid, that fails, or that exceeds a limit. */
export class EvaluationError extends Error {}

/** The project on whose behalf something is evaluated, and the date that it sees, in milliseconds. */
export interface Evaluation {
  readonly owner: string
  readonly date?: number
  /** Whether it checks a configuration, for which nobody waits, so that it may take longer. */
  readonly isCheck?: boolean
}

/**
 * Answers a request in another thread, with the code in packages/gotools.
 * @throws EvaluationError, and UnavailableError if too many evaluations wait
 */
export async function evaluate(request: object, { owner, date = 0, isCheck = false }: Evaluation): Promise<string> {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > maxInputBytes)
    throw new EvaluationError(`the input is larger than ${maxInputBytes} bytes`)
  const answer = enqueue(owner, { text, date }, isCheck ? checkLimits : requestLimits)
  void work()
  const { output, error } = JSON.parse(await answer) as { output: string; error?: string }
  if (error !== undefined) throw new EvaluationError(error)
  return output
}

let isWorking = false

async function work(): Promise<void> {
  if (isWorking) return
  isWorking = true
  while (!isQueueEmpty()) await evaluateNext()
  isWorking = false
}

/** An evaluation waits in the queue while a thread starts. Its own time begins afterwards. */
async function evaluateNext(): Promise<void> {
  const thread = await currentThread().catch((error: Error) => error)
  const entry = takeNext()
  if (!entry) return
  if (thread instanceof Error) return entry.reject(thread)
  const { maxEvaluationMs } = entry.limits
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    thread.stop()
  }, maxEvaluationMs)
  try {
    const { answer, memoryBytes } = await thread.run(entry.request)
    if (memoryBytes > maxIdleMemoryBytes) replaceThread()
    entry.resolve(answer)
  } catch (error) {
    const why = isLate ? `took longer than ${maxEvaluationMs} ms` : 'needed too much memory or is nested too deep'
    entry.reject(error instanceof ThreadEnded ? new EvaluationError(`the evaluation ${why}`) : (error as Error))
  } finally {
    clearTimeout(timer)
  }
}

import { enqueue, isQueueEmpty, takeNext } from './queue.ts'
import { ThreadEnded } from './thread.ts'
import { currentThread, replaceThread } from './threads.ts'

/** As in Kratos. */
const maxEvaluationMs = 1000
const maxInputBytes = 4 << 20
/** A thread whose memory has grown beyond this is replaced. */
const maxIdleMemoryBytes = 64 << 20

/** A snippet that is not valid, that fails, or that exceeds a limit. */
export class JsonnetError extends Error {}

export interface Snippet {
  /** The name in error messages. */
  readonly name: string
  readonly text: string
}

export interface EvaluationOptions {
  /** The project on whose behalf the snippet is evaluated. */
  readonly owner: string
  /** JSON texts by the name for `std.extVar`. */
  readonly variables?: Readonly<Record<string, string>>
  /** JSON texts by the parameter of the function that the snippet is. */
  readonly parameters?: Readonly<Record<string, string>>
}

/**
 * Evaluates a snippet in another thread and returns JSON. Imports are not allowed.
 * @throws JsonnetError, and UnavailableError if too many evaluations wait
 */
export function evaluateJsonnet({ name, text }: Snippet, options: EvaluationOptions): Promise<string> {
  const { owner, variables, parameters } = options
  return request(owner, { name, snippet: text, extCode: variables, tlaCode: parameters })
}

/**
 * Parses a snippet without evaluating it.
 * @throws JsonnetError
 */
export async function parseJsonnet({ name, text }: Snippet): Promise<void> {
  await request('configuration', { name, snippet: text, parse: true })
}

async function request(owner: string, message: object): Promise<string> {
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > maxInputBytes) throw new JsonnetError(`the input is larger than ${maxInputBytes} bytes`)
  const answer = enqueue(owner, text)
  void work()
  const { output, error } = JSON.parse(await answer) as { output: string; error?: string }
  if (error !== undefined) throw new JsonnetError(error)
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
    entry.reject(error instanceof ThreadEnded ? new JsonnetError(`the evaluation ${why}`) : (error as Error))
  } finally {
    clearTimeout(timer)
  }
}

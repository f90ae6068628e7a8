import { type Evaluation, EvaluationError, evaluate } from '../gotools/index.ts'

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
export function evaluateJsonnet(snippet: Snippet, options: EvaluationOptions): Promise<string> {
  const { owner, variables, parameters } = options
  return run({ ...snippet, extCode: variables, tlaCode: parameters }, { owner })
}

/**
 * Parses a snippet without evaluating it.
 * @throws JsonnetError
 */
export async function parseJsonnet(snippet: Snippet): Promise<void> {
  await run({ ...snippet, parse: true }, { owner: 'configuration', isCheck: true })
}

async function run(jsonnet: object, evaluation: Evaluation): Promise<string> {
  try {
    return await evaluate({ jsonnet }, evaluation)
  } catch (error) {
    throw error instanceof EvaluationError ? new JsonnetError(error.message) : error
  }
}

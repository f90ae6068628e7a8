import { type Evaluation, EvaluationError, evaluate } from '../gotools/index.ts'
import { type Program, programOf } from './evaluator/program.ts'

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

/** The programs of parsed snippets by their texts, the newest last; undefined for one that is too large. */
const programs = new Map<string, Program | undefined>()
const maxPrograms = 512

/**
 * Evaluates a snippet and returns JSON. Imports are not allowed. A snippet that was parsed before and only maps data is
 * evaluated here, any other one in another thread.
 * @throws JsonnetError, and UnavailableError if too many evaluations wait
 */
export async function evaluateJsonnet(snippet: Snippet, options: EvaluationOptions): Promise<string> {
  const { owner, variables = {}, parameters = {} } = options
  const output = programs.get(snippet.text)?.(variables, parameters)
  return output ?? run({ ...snippet, extCode: variables, tlaCode: parameters }, { owner })
}

/**
 * Parses a snippet without evaluating it.
 * @throws JsonnetError
 */
export async function parseJsonnet(snippet: Snippet): Promise<void> {
  const syntax = await run({ ...snippet, parse: true }, { owner: 'configuration', isCheck: true })
  programs.delete(snippet.text)
  programs.set(snippet.text, programOf(syntax))
  for (const [oldest] of programs) {
    if (programs.size <= maxPrograms) break
    programs.delete(oldest)
  }
}

async function run(jsonnet: object, evaluation: Evaluation): Promise<string> {
  try {
    return await evaluate({ jsonnet }, evaluation)
  } catch (error) {
    throw error instanceof EvaluationError ? new JsonnetError(error.message) : error
  }
}

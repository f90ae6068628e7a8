import { type Evaluation, EvaluationError, evaluate } from '../gotools/index.ts'
import { type Inputs, type Program, programOf } from './evaluator/program.ts'
import { Cancelled, cancellation } from './evaluator/values.ts'

/** A snippet that is not valid, that fails, or that exceeds a limit. */
export class JsonnetError extends Error {}

/** The snippet failed with the message by which the body of a request says that none is to be sent. */
export function isCancellation({ message }: JsonnetError): boolean {
  return message.split('\n').includes(`RUNTIME ERROR: ${cancellation}`)
}

export interface Snippet {
  /** The name in error messages. */
  readonly name: string
  readonly text: string
}

export interface EvaluationOptions {
  /** The project on whose behalf the snippet is evaluated. */
  readonly owner: string
  /** JSON texts by the name for `std.extVar`. */
  readonly variables?: Inputs
  /** JSON texts by the parameter of the function that the snippet is. */
  readonly parameters?: Inputs
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
  const output = evaluateHere(snippet, variables, parameters)
  return output ?? run({ ...snippet, extCode: variables, tlaCode: parameters }, { owner })
}

function evaluateHere({ text }: Snippet, variables: Inputs, parameters: Inputs): string | undefined {
  try {
    return programs.get(text)?.(variables, parameters)
  } catch (error) {
    throw error instanceof Cancelled ? new JsonnetError(`RUNTIME ERROR: ${cancellation}`) : error
  }
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

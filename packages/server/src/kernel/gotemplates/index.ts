import { type Evaluation, EvaluationError, evaluate } from '../gotools/index.ts'

/** A template that is not valid, that fails with its data, or that exceeds a limit. */
export class TemplateError extends Error {}

/** A field of the data of a template: its name in the template, its name in JSON, and its type in Go. */
export interface TemplateField {
  readonly name: string
  readonly json: string
  readonly type: 'string' | 'integer' | 'object'
}

/** A template of Go's text/template or html/template, with the functions of sprig. */
export interface GoTemplate {
  /** Whether values are escaped for their place in HTML. */
  readonly html: boolean
  /** The name of the file that is executed; the others can be called by it. */
  readonly main: string
  /** The files in the order in which they are parsed: later definitions replace earlier ones. */
  readonly files: readonly { readonly name: string; readonly text: string }[]
  readonly fields: readonly TemplateField[]
}

/**
 * Parses a template without executing it, and checks what does not depend on the data: syntax, functions, the names of
 * templates and of the fields of the data, and whether values can be escaped.
 * @throws TemplateError, with the file and the line
 */
export async function parseTemplate(template: GoTemplate): Promise<void> {
  await run({ ...template, parse: true }, { owner: 'configuration', isCheck: true })
}

/**
 * Executes a template in another thread. `data` has the fields by their names in JSON.
 * @throws TemplateError, and UnavailableError if too many evaluations wait
 */
export function executeTemplate(template: GoTemplate, data: object, evaluation: Evaluation): Promise<string> {
  return run({ ...template, data: JSON.stringify(data) }, evaluation)
}

async function run(template: object, evaluation: Evaluation): Promise<string> {
  try {
    return await evaluate({ template }, evaluation)
  } catch (error) {
    throw error instanceof EvaluationError ? new TemplateError(error.message) : error
  }
}

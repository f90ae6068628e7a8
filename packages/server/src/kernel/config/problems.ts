/** A problem in a configuration, with its location. `line` and `column` are one-based. */
export interface Problem {
  /** The file, or `environment` for an environment variable. */
  file: string
  line?: number
  column?: number
  /** Dotted path, `identity.schemas.0.url`; empty for the document itself. */
  key: string
  expected: string
  found: string
}

/** A setting that is not supported but does not prevent the start. */
export interface Notice extends Omit<Problem, 'expected' | 'found'> {
  text: string
}

/** An invalid configuration. The message lists every problem, one per line. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(printProblem).join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** `kratos.yml:12:5  session.lifespan: expected a duration such as 15m or 1h30m, found "soon"` */
export function printProblem(problem: Problem): string {
  return `${placeAndKey(problem)}expected ${problem.expected}, found ${problem.found}`
}

/** `kratos.yml:31:5  session.whoami.tokenizer: not supported yet` */
export function printNotice(notice: Notice): string {
  return placeAndKey(notice) + notice.text
}

function placeAndKey({ file, line, column, key }: Omit<Problem, 'expected' | 'found'>): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return `${place}  ${key === '' ? '' : `${key}: `}`
}

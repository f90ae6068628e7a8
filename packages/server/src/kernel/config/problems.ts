/** Something that is wrong in a configuration, and where. `line` and `column` count from one. */
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

/** A configuration that cannot be used; the message lists every problem, one a line. */
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
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const key = problem.key === '' ? '' : `${problem.key}: `
  return `${place}  ${key}expected ${problem.expected}, found ${problem.found}`
}

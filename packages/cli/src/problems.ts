import { relative } from 'node:path'
import type { ConfigError, Notice } from '@latchkey/server'
import type { Terminal } from './terminal.ts'

/** Prints the problems of a configuration: location, key, expected and actual value. */
export function printProblems(error: ConfigError, terminal: Terminal) {
  const { problems } = error
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  terminal.err(`${terminal.style('red', 'The configuration is invalid')}: ${count}`)
  for (const problem of problems) {
    const key = problem.key === '' ? '' : `  ${terminal.style('cyan', problem.key)}`
    terminal.err('')
    terminal.err(`  ${terminal.style('bold', placeOf(problem, terminal.cwd))}${key}`)
    terminal.err(`    expected ${problem.expected}`)
    terminal.err(`    found    ${problem.found}`)
  }
}

/** Prints the unsupported settings of a configuration, one line per key. */
export function printNotices(notices: readonly Notice[], terminal: Terminal) {
  for (const notice of notices) {
    const place = terminal.style('bold', placeOf(notice, terminal.cwd))
    terminal.err(
      `${terminal.style('yellow', 'warning')} ${place}  ${terminal.style('cyan', notice.key)}: ${notice.text}`,
    )
  }
}

/** `file:line:column`, a format that editors and terminals turn into a link. */
function placeOf({ file, line, column }: Pick<Notice, 'file' | 'line' | 'column'>, cwd: string): string {
  if (line === undefined) return file
  return [shortPath(file, cwd), line, column].filter((part) => part !== undefined).join(':')
}

export function shortPath(file: string, cwd: string): string {
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

import { relative } from 'node:path'
import type { ConfigError, Notice } from '@latchkey/server'
import type { Terminal } from './terminal.ts'

/** Writes what is wrong with a configuration: the place, the key, what was expected and what was found. */
export function printProblems(error: ConfigError, terminal: Terminal) {
  const { problems } = error
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  terminal.err(`${terminal.style('red', 'The configuration cannot be used')}: ${count}`)
  for (const problem of problems) {
    const key = problem.key === '' ? '' : `  ${terminal.style('cyan', problem.key)}`
    terminal.err('')
    terminal.err(`  ${terminal.style('bold', placeOf(problem, terminal.cwd))}${key}`)
    terminal.err(`    expected ${problem.expected}`)
    terminal.err(`    found    ${problem.found}`)
  }
}

/** Writes what a configuration asks for and does not get: one line for each key. */
export function printNotices(notices: readonly Notice[], terminal: Terminal) {
  for (const notice of notices) {
    const place = terminal.style('bold', placeOf(notice, terminal.cwd))
    terminal.err(
      `${terminal.style('yellow', 'warning')} ${place}  ${terminal.style('cyan', notice.key)}: ${notice.text}`,
    )
  }
}

/** `file:line:column`, which editors and terminals turn into a link. */
function placeOf({ file, line, column }: Pick<Notice, 'file' | 'line' | 'column'>, cwd: string): string {
  if (line === undefined) return file
  return [shortPath(file, cwd), line, column].filter((part) => part !== undefined).join(':')
}

export function shortPath(file: string, cwd: string): string {
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

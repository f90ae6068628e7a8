import type { Terminal } from '../../terminal.ts'
import { printable } from '../notation.ts'
import type { FileResult, TestResult } from './run.ts'
import type { Mistake, Place } from './source.ts'

/** Prints each file with its tests, expected and actual results of failures, and a summary. */
export function printResults(results: readonly FileResult[], terminal: Terminal): void {
  const { out, style } = terminal
  for (const { file, name, tests } of results) {
    out(`${style('bold', printable(name))}${name === file ? '' : `  ${style('dim', file)}`}`)
    for (const test of tests) for (const line of drawTest(test, terminal)) out(line)
    out('')
  }
  const tests = results.flatMap((one) => one.tests)
  const failed = tests.filter(({ passed }) => !passed).length
  const passed = `${tests.length - failed} passed`
  const where = `in ${countText(results.length, 'file')}`
  out(failed === 0 ? style('green', `${passed} ${where}`) : `${style('red', `${failed} failed`)}, ${passed} ${where}`)
}

function drawTest({ name, passed, asked, failures }: TestResult, { style }: Terminal): string[] {
  if (passed)
    return [`  ${style('green', '✓')} ${printable(name)} ${style('dim', `(${countText(asked, 'assertion')})`)}`]
  return [
    `  ${style('red', '✗')} ${printable(name)} ${style('dim', `(${failures.length} of ${countText(asked, 'assertion')})`)}`,
    ...failures.flatMap(({ what, expected, found, ...place }) => [
      `      ${printable(what)}  ${style('dim', placeOf(place))}`,
      `        expected ${style('green', printable(expected))}`,
      `        found    ${style('red', printable(found))}`,
    ]),
  ]
}

export function printMistakes(mistakes: readonly Mistake[], { err, style }: Terminal): void {
  for (const { message, ...place } of mistakes) err(`${style('bold', placeOf(place))}  ${printable(message)}`)
}

/** `file:line:column`, a format that editors and terminals turn into a link. */
function placeOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

function countText(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

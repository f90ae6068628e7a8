import { resolve } from 'node:path'
import { type ModelTester, openModelTester } from '@latchkey/server'
import type { Command } from 'commander'
import { exitCodes, UsageError } from '../exit.ts'
import { shortPath } from '../problems.ts'
import type { Terminal } from '../terminal.ts'
import { addFormat } from './remote.ts'
import { readBounded } from './testing/file.ts'
import { type ParsedTestFile, parseTestFile } from './testing/parse.ts'
import { printMistakes, printResults } from './testing/print.ts'
import { type FileResult, runTests } from './testing/run.ts'
import type { Mistake } from './testing/source.ts'

/** `latchkey permission test`: runs the tests of a permission model, without a server. */
export function testCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addFormat(permission.command('test'))
    .description('run tests of permission models: exit code 1 if a test fails, 2 if a file is invalid')
    .argument('<files...>', 'YAML files with a model, tuples and tests')
    .action(async (files: string[], { format }: { format: 'text' | 'json' }) => {
      const tester = await openModelTester()
      try {
        settle(await runFiles(files, { format, tester, terminal }))
      } finally {
        await tester.close()
      }
    })
}

async function runFiles(
  files: readonly string[],
  { format, tester, terminal }: { format: 'text' | 'json'; tester: ModelTester; terminal: Terminal },
): Promise<number> {
  const read = await Promise.all(files.map((file) => readFile(resolve(terminal.cwd, file), tester, terminal)))
  const mistakes = read.flatMap((one) => one.mistakes.toSorted(byPlace))
  const results: FileResult[] = []
  // No test is run if any file is invalid: a partial run could be mistaken for a complete one.
  if (mistakes.length === 0) for (const { file } of read) if (file) results.push(await runTests(file))
  if (format === 'json') terminal.out(JSON.stringify({ mistakes, files: results }, null, 2))
  else if (mistakes.length > 0) printMistakes(mistakes, terminal)
  else printResults(results, terminal)
  if (mistakes.length > 0) return exitCodes.wrongInput
  return results.every(({ tests }) => tests.every(({ passed }) => passed)) ? exitCodes.done : exitCodes.failed
}

function byPlace(a: Mistake, b: Mistake): number {
  return a.line - b.line || a.column - b.column
}

async function readFile(path: string, tester: ModelTester, { cwd }: Terminal): Promise<ParsedTestFile> {
  const file = shortPath(path, cwd)
  const { text, problem } = await readBounded(path)
  if (text === undefined) throw new UsageError(`${file} cannot be read: ${problem}.`)
  return parseTestFile({ path, file, text }, tester)
}

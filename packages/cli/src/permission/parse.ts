import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseOpl } from '@latchkey/server'
import type { Command } from 'commander'
import { exitCodes, UsageError } from '../exit.ts'
import { shortPath } from '../problems.ts'
import type { Terminal } from '../terminal.ts'
import { addFormat } from './remote.ts'

/** `latchkey permission parse`: checks the syntax of namespace files, without a server. */
export function parseCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addFormat(permission.command('parse'))
    .description('check namespace files in the Ory Permission Language: exit code 1 if one has errors')
    .argument('<files...>', 'such as namespaces.keto.ts')
    .action(async (files: string[], { format }: { format: 'text' | 'json' }) => {
      const parsed = await Promise.all(files.map((file) => parseFile(resolve(terminal.cwd, file), terminal)))
      const mistakes = parsed.flatMap((one) => one.mistakes)
      if (format === 'json') terminal.out(JSON.stringify(mistakes, null, 2))
      else for (const one of parsed) print(one, terminal)
      settle(mistakes.length === 0 ? exitCodes.done : exitCodes.failed)
    })
}

interface Parsed {
  file: string
  namespaces: readonly string[]
  mistakes: { file: string; line: number; column: number; message: string }[]
}

async function parseFile(path: string, { cwd }: Terminal): Promise<Parsed> {
  const file = shortPath(path, cwd)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}.`)
  })
  const { namespaces, errors } = parseOpl(text)
  return {
    file,
    namespaces: namespaces.map(({ name }) => name),
    // Columns of the parser are zero-based, as in Keto; editors use one-based columns.
    mistakes: errors.map(({ message, start }) => ({ file, line: start.line, column: start.column + 1, message })),
  }
}

function print({ file, namespaces, mistakes }: Parsed, { out, err, style }: Terminal) {
  const count = namespaces.length === 1 ? '1 namespace' : `${namespaces.length} namespaces`
  if (mistakes.length === 0) out(`${style('green', 'valid')} ${file} (${count})`)
  for (const { line, column, message } of mistakes) err(`${style('bold', `${file}:${line}:${column}`)}  ${message}`)
}

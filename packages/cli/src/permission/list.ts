import type { Relationship } from '@latchkey/client'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { printable, readSubject, subjectQuery, writeSubject } from './notation.ts'
import { addLimit, ask, firstOf, pageSize, type RemoteOptions } from './remote.ts'

interface ListOptions extends RemoteOptions {
  namespace?: string
  object?: string
  relation?: string
  subject?: string
  limit: number
}

/** `latchkey permission list`: the relationships that match, as a table. */
export function listCommand(permission: Command, terminal: Terminal) {
  addLimit(permission.command('list'))
    .description('list relationships')
    .option('--namespace <name>', 'only those of a namespace')
    .option('--object <name>', 'only those of an object')
    .option('--relation <name>', 'only those of a relation')
    .option('--subject <subject>', 'only those of an id or of NAMESPACE:OBJECT#RELATION')
    .action(async (options: ListOptions) => {
      const { found: tuples, more } = await read(options, terminal)
      if (options.format === 'json') terminal.out(JSON.stringify(tuples, null, 2))
      else for (const line of drawTable(tuples, terminal)) terminal.out(line)
      if (more) terminal.err(`There are more than ${options.limit}; raise --limit to see them.`)
    })
}

async function read(options: ListOptions, terminal: Terminal) {
  const { namespace, object, relation, subject, limit } = options
  const query = {
    namespace,
    object,
    relation,
    ...(subject === undefined ? {} : subjectQuery(readSubject(subject))),
    ...pageSize(options),
  }
  return ask(options, terminal, (client) => firstOf(client.all('getRelationships', { query }), limit))
}

function drawTable(tuples: readonly Relationship[], { style }: Terminal): string[] {
  if (tuples.length === 0) return [style('dim', 'There are no such relationships.')]
  const head = ['NAMESPACE', 'OBJECT', 'RELATION', 'SUBJECT']
  const rows = tuples.map((tuple) => [
    ...[tuple.namespace, tuple.object, tuple.relation].map(printable),
    writeSubject(tuple),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => widthOf(row[column]))))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd()
  return [style('dim', line(head)), ...rows.map(line)]
}

function widthOf(cell = ''): number {
  return [...cell].length
}

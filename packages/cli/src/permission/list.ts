import type { Relationship } from '@latchkey/client'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { printable, readSubject, subjectQuery, writeSubject } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions, wholeNumber } from './remote.ts'

interface ListOptions extends RemoteOptions {
  namespace?: string
  object?: string
  relation?: string
  subject?: string
  limit: number
}

const largestPage = 1000

/** `latchkey permission list`: the relationships that match, as a table. */
export function listCommand(permission: Command, terminal: Terminal) {
  addRemoteOptions(permission.command('list'))
    .description('list relationships')
    .option('--namespace <name>', 'only those of a namespace')
    .option('--object <name>', 'only those of an object')
    .option('--relation <name>', 'only those of a relation')
    .option('--subject <subject>', 'only those of an id or of NAMESPACE:OBJECT#RELATION')
    .option('--limit <count>', 'so many at most', wholeNumber, largestPage)
    .action(async (options: ListOptions) => {
      const { tuples, more } = await read(options, terminal)
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
    page_size: Math.min(limit + 1, largestPage),
  }
  return ask(options, terminal, async (client) => {
    const tuples: Relationship[] = []
    for await (const tuple of client.all('getRelationships', { query })) {
      if (tuples.length === limit) return { tuples, more: true }
      tuples.push(tuple)
    }
    return { tuples, more: false }
  })
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

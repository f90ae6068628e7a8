import type { Relationship } from '@latchkey/client'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { formatSubject, parseSubject, printable, subjectQuery } from './notation.ts'
import { addLimit, ask, firstOf, pageSize, type RemoteOptions } from './remote.ts'

interface ListOptions extends RemoteOptions {
  namespace?: string
  object?: string
  relation?: string
  subject?: string
  limit: number
}

/** `latchkey permission list`: prints matching relationships as a table. */
export function listCommand(permission: Command, terminal: Terminal) {
  addLimit(permission.command('list'))
    .description('list relationships')
    .option('--namespace <name>', 'filter by namespace')
    .option('--object <name>', 'filter by object')
    .option('--relation <name>', 'filter by relation')
    .option('--subject <subject>', 'filter by subject: an ID or NAMESPACE:OBJECT#RELATION')
    .action(async (options: ListOptions) => {
      const { found: tuples, more } = await fetchRelationships(options, terminal)
      if (options.format === 'json') terminal.out(JSON.stringify(tuples, null, 2))
      else for (const line of drawTable(tuples, terminal)) terminal.out(line)
      if (more) terminal.err(`There are more than ${options.limit} results; increase --limit to see them.`)
    })
}

async function fetchRelationships(options: ListOptions, terminal: Terminal) {
  const { namespace, object, relation, subject, limit } = options
  const query = {
    namespace,
    object,
    relation,
    ...(subject === undefined ? {} : subjectQuery(parseSubject(subject))),
    ...pageSize(options),
  }
  return ask(options, terminal, (client) => firstOf(client.all('getRelationships', { query }), limit))
}

function drawTable(tuples: readonly Relationship[], { style }: Terminal): string[] {
  if (tuples.length === 0) return [style('dim', 'No matching relationships.')]
  const head = ['NAMESPACE', 'OBJECT', 'RELATION', 'SUBJECT']
  const rows = tuples.map((tuple) => [
    ...[tuple.namespace, tuple.object, tuple.relation].map(printable),
    formatSubject(tuple),
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

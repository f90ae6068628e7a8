import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { printable, readQuestion } from './notation.ts'
import { addListOptions, ask, firstOf, type ListOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission objects`: what a subject has a relation to, one name a line. */
export function objectsCommand(permission: Command, terminal: Terminal) {
  addListOptions(permission.command('objects'))
    .description('list the objects that a subject has a relation to')
    .argument('<question>', 'NAMESPACE#RELATION@SUBJECT; the subject is an id or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: ListOptions) => {
      const input = { body: { ...readQuestion(text), max_depth: options.maxDepth }, query: pageSize(options) }
      const found = await ask(options, terminal, (client) =>
        firstOf(client.all('listPermissionObjects', input), options.limit),
      )
      printList(found, options, { terminal, line: printable, none: 'There are no such objects.' })
    })
}

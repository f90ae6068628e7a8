import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { readKind, readSet, writeSubject } from './notation.ts'
import { addListOptions, ask, firstOf, type ListOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission subjects`: who has a relation to an object, one a line. */
export function subjectsCommand(permission: Command, terminal: Terminal) {
  addListOptions(permission.command('subjects'))
    .description('list the subjects that have a relation to an object, by the whole model')
    .argument('<set>', 'NAMESPACE:OBJECT#RELATION')
    .option('--sets <kind>', 'sets in place of ids: NAMESPACE#RELATION, or NAMESPACE for objects alone')
    .action(async (text: string, options: ListOptions & { sets?: string }) => {
      const kind = options.sets === undefined ? {} : readKind(options.sets)
      const input = { body: { ...readSet(text), ...kind, max_depth: options.maxDepth }, query: pageSize(options) }
      const found = await ask(options, terminal, (client) =>
        firstOf(client.all('listPermissionSubjects', input), options.limit),
      )
      printList(found, options, { terminal, line: writeSubject, none: 'There are no such subjects.' })
    })
}

import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { addCircumstances, type Circumstances, freshness } from './circumstances.ts'
import { readKind, readSet, writeSubject } from './notation.ts'
import { addLimit, ask, firstOf, type LimitOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission subjects`: who has a relation to an object, one a line. */
export function subjectsCommand(permission: Command, terminal: Terminal) {
  addCircumstances(addLimit(permission.command('subjects')))
    .description('list the subjects that have a relation to an object, by the whole model')
    .argument('<set>', 'NAMESPACE:OBJECT#RELATION')
    .option('--sets <kind>', 'sets in place of ids: NAMESPACE#RELATION, or NAMESPACE for objects alone')
    .action(async (text: string, options: LimitOptions & Circumstances & { sets?: string }) => {
      const { sets, maxDepth, context, limit } = options
      const kind = sets === undefined ? {} : readKind(sets)
      const body = { ...readSet(text), ...kind, max_depth: maxDepth, context }
      const input = { body, query: { ...pageSize(options), ...freshness(options) } }
      const found = await ask(options, terminal, (client) =>
        firstOf(client.all('listPermissionSubjects', input), limit),
      )
      printList(found, options, { terminal, line: writeSubject, none: 'There are no such subjects.' })
    })
}

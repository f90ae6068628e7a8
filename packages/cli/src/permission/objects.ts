import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { addCheckOptions, type CheckOptions, consistencyQuery } from './check-options.ts'
import { parseListQuery, printable } from './notation.ts'
import { addLimit, ask, firstOf, type LimitOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission objects`: prints the objects on which a subject has a permission, one per line. */
export function objectsCommand(permission: Command, terminal: Terminal) {
  addCheckOptions(addLimit(permission.command('objects')))
    .description('list the objects on which a subject has a permission')
    .argument('<question>', 'NAMESPACE#RELATION@SUBJECT; the subject is an ID or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: LimitOptions & CheckOptions) => {
      const { maxDepth, context, limit } = options
      const body = { ...parseListQuery(text), max_depth: maxDepth, context }
      const input = { body, query: { ...pageSize(options), ...consistencyQuery(options) } }
      const found = await ask(options, terminal, (client) => firstOf(client.all('listPermissionObjects', input), limit))
      printList(found, options, { terminal, line: printable, none: 'No matching objects.' })
    })
}

import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { addCheckOptions, type CheckOptions, consistencyQuery } from './check-options.ts'
import { formatSubject, parseSubjectSet, parseSubjectType } from './notation.ts'
import { addLimit, ask, firstOf, type LimitOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission subjects`: prints the subjects that have a permission on an object, one per line. */
export function subjectsCommand(permission: Command, terminal: Terminal) {
  addCheckOptions(addLimit(permission.command('subjects')))
    .description('list the subjects that have a permission on an object')
    .argument('<set>', 'NAMESPACE:OBJECT#RELATION')
    .option('--sets <type>', 'list subject sets instead of IDs: NAMESPACE#RELATION, or NAMESPACE for plain objects')
    .action(async (text: string, options: LimitOptions & CheckOptions & { sets?: string }) => {
      const { sets, maxDepth, context, limit } = options
      const subjectType = sets === undefined ? {} : parseSubjectType(sets)
      const body = { ...parseSubjectSet(text), ...subjectType, max_depth: maxDepth, context }
      const input = { body, query: { ...pageSize(options), ...consistencyQuery(options) } }
      const found = await ask(options, terminal, (client) =>
        firstOf(client.all('listPermissionSubjects', input), limit),
      )
      printList(found, options, { terminal, line: formatSubject, none: 'No matching subjects.' })
    })
}

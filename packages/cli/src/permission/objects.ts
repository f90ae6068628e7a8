import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { addCircumstances, type Circumstances, freshness } from './circumstances.ts'
import { printable, readQuestion } from './notation.ts'
import { addLimit, ask, firstOf, type LimitOptions, pageSize, printList } from './remote.ts'

/** `latchkey permission objects`: what a subject has a relation to, one name a line. */
export function objectsCommand(permission: Command, terminal: Terminal) {
  addCircumstances(addLimit(permission.command('objects')))
    .description('list the objects that a subject has a relation to')
    .argument('<question>', 'NAMESPACE#RELATION@SUBJECT; the subject is an id or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: LimitOptions & Circumstances) => {
      const { maxDepth, context, limit } = options
      const body = { ...readQuestion(text), max_depth: maxDepth, context }
      const input = { body, query: { ...pageSize(options), ...freshness(options) } }
      const found = await ask(options, terminal, (client) => firstOf(client.all('listPermissionObjects', input), limit))
      printList(found, options, { terminal, line: printable, none: 'There are no such objects.' })
    })
}

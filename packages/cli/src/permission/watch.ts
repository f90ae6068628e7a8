import type { RelationshipChanges } from '@latchkey/client'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { formatSubject, formatSubjectSet, printable } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions } from './remote.ts'

interface WatchOptions extends RemoteOptions {
  namespace?: string
  since?: string
}

type Change = RelationshipChanges['changes'][number]

/** `latchkey permission watch`: prints changes of relationships until it is interrupted. */
export function watchCommand(permission: Command, terminal: Terminal) {
  addRemoteOptions(permission.command('watch'))
    .description('print changes of relationships as they are committed')
    .option('--namespace <name>', 'filter by namespace')
    .option('--since <token>', 'start after the state of this snapshot token instead of now')
    .action(async (options: WatchOptions) => {
      const query = { namespace: options.namespace, snaptoken: options.since }
      await ask(options, terminal, async (client) => {
        for await (const event of client.watchPermissionChanges({ query })) {
          if (options.format === 'json') terminal.out(JSON.stringify(event))
          else for (const change of event.changes) terminal.out(draw(change, terminal))
        }
      })
    })
}

function draw({ action, relation_tuple: tuple }: Change, { style }: Terminal): string {
  const sign = action === 'insert' ? style('green', '+') : style('red', '-')
  const { condition } = tuple
  const suffix = condition ? ` ${style('dim', `if ${printable(condition.expression)}`)}` : ''
  return `${sign} ${formatSubjectSet(tuple)}@${formatSubject(tuple)}${suffix}`
}

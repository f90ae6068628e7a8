import type { Command } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Terminal } from '../terminal.ts'
import { readTuple, subjectQuery } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions, wholeNumber } from './remote.ts'

/** `latchkey permission check`: the exit code tells, so that scripts need not read. */
export function checkCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addRemoteOptions(permission.command('check'))
    .description('tell whether a subject has a relation to an object: exit code 0 when allowed, 1 when denied')
    .argument('<relationship>', 'NAMESPACE:OBJECT#RELATION@SUBJECT; the subject is an id or NAMESPACE:OBJECT#RELATION')
    .option('--max-depth <levels>', 'how far to follow relations', wholeNumber)
    .action(async (text: string, options: RemoteOptions & { maxDepth?: number }) => {
      const { namespace, object, relation, ...subject } = readTuple(text)
      const query = { namespace, object, relation, ...subjectQuery(subject), 'max-depth': options.maxDepth }
      const answer = await ask(options, terminal, (client) => client.checkPermission({ query }))
      if (options.format === 'json') terminal.out(JSON.stringify(answer))
      else terminal.out(answer.allowed ? terminal.style('green', 'allowed') : terminal.style('red', 'denied'))
      settle(answer.allowed ? exitCodes.done : exitCodes.failed)
    })
}

import type { Command } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Terminal } from '../terminal.ts'
import { addCircumstances, type Circumstances, freshness } from './circumstances.ts'
import { readTuple } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions } from './remote.ts'

/** `latchkey permission check`: the exit code tells, so that scripts need not read. */
export function checkCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addCircumstances(addRemoteOptions(permission.command('check')))
    .description('tell whether a subject has a relation to an object: exit code 0 when allowed, 1 when denied')
    .argument('<relationship>', 'NAMESPACE:OBJECT#RELATION@SUBJECT; the subject is an id or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: RemoteOptions & Circumstances) => {
      const query = { 'max-depth': options.maxDepth, ...freshness(options) }
      const body = { ...readTuple(text), context: options.context }
      const answer = await ask(options, terminal, (client) => client.postCheckPermission({ query, body }))
      if (options.format === 'json') terminal.out(JSON.stringify(answer))
      else terminal.out(answer.allowed ? terminal.style('green', 'allowed') : terminal.style('red', 'denied'))
      settle(answer.allowed ? exitCodes.done : exitCodes.failed)
    })
}

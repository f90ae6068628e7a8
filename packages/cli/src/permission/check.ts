import type { Command } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Terminal } from '../terminal.ts'
import { addCheckOptions, type CheckOptions, consistencyQuery } from './check-options.ts'
import { parseTuple } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions } from './remote.ts'

/** `latchkey permission check`: the exit code is the result, for use in scripts. */
export function checkCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addCheckOptions(addRemoteOptions(permission.command('check')))
    .description('check whether a subject has a permission on an object: exit code 0 if allowed, 1 if denied')
    .argument('<relationship>', 'NAMESPACE:OBJECT#RELATION@SUBJECT; the subject is an ID or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: RemoteOptions & CheckOptions) => {
      const query = { 'max-depth': options.maxDepth, ...consistencyQuery(options) }
      const body = { ...parseTuple(text), context: options.context }
      const answer = await ask(options, terminal, (client) => client.postCheckPermission({ query, body }))
      if (options.format === 'json') terminal.out(JSON.stringify(answer))
      else terminal.out(answer.allowed ? terminal.style('green', 'allowed') : terminal.style('red', 'denied'))
      settle(answer.allowed ? exitCodes.done : exitCodes.failed)
    })
}

import type { ExplainedPermission } from '@latchkey/client'
import type { Command } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Style, Terminal } from '../terminal.ts'
import { addCircumstances, type Circumstances, freshness } from './circumstances.ts'
import { readTuple, writeTuple } from './notation.ts'
import { type Reason, reasonFrom } from './reason.ts'
import { addRemoteOptions, ask, type RemoteOptions } from './remote.ts'
import { drawTree } from './tree.ts'

/** `latchkey permission explain`: `check` with its reasons, as a tree. */
export function explainCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addCircumstances(addRemoteOptions(permission.command('explain')))
    .description('tell why a subject has a relation to an object, or what is missing: exit code as of check')
    .argument('<relationship>', 'NAMESPACE:OBJECT#RELATION@SUBJECT; the subject is an id or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: RemoteOptions & Circumstances) => {
      const tuple = readTuple(text)
      const body = { ...tuple, max_depth: options.maxDepth, context: options.context }
      const input = { query: freshness(options), body }
      const answer = await ask(options, terminal, (client) => client.explainPermission(input))
      if (options.format === 'json') terminal.out(JSON.stringify(answer, null, 2))
      else for (const line of draw(answer, { question: writeTuple(tuple), style: terminal.style })) terminal.out(line)
      settle(answer.allowed ? exitCodes.done : exitCodes.failed)
    })
}

/** The answer in a line, and the tree of its reasons. */
function draw({ explanation }: ExplainedPermission, { question, style }: { question: string; style: Style }): string[] {
  const { look, verdict } = outcomes[explanation.outcome]
  const shape = {
    label: (reason: Reason) => labelOf(reason, style),
    children: ({ children }: Reason) => children,
  }
  return [`${style('bold', question)} is ${style(look, verdict)}`, ...drawTree(reasonFrom(explanation), shape, style)]
}

/** What can be seen without colors as well; what nobody knows is never allowed. */
const outcomes = {
  allowed: { mark: '✓', look: 'green', verdict: 'allowed' },
  denied: { mark: '✗', look: 'red', verdict: 'denied' },
  unknown: { mark: '?', look: 'yellow', verdict: 'denied, since not everything could be found out' },
} as const

function labelOf({ outcome, what, note, rule }: Reason, style: Style): string {
  const { mark, look } = outcomes[outcome]
  const aside = `${note && ` (${note})`}${rule && `, ${rule}:`}`
  return `${style(look, mark)} ${what}${aside && style('dim', aside)}`
}

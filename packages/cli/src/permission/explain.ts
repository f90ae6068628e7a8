import type { ExplainedPermission } from '@latchkey/client'
import type { Command } from 'commander'
import { exitCodes } from '../exit.ts'
import type { Style, Terminal } from '../terminal.ts'
import { addCheckOptions, type CheckOptions, consistencyQuery } from './check-options.ts'
import { formatTuple, parseTuple } from './notation.ts'
import { type Reason, reasonFrom } from './reason.ts'
import { addRemoteOptions, ask, type RemoteOptions } from './remote.ts'
import { drawTree } from './tree.ts'

/** `latchkey permission explain`: prints the reasons for the result of a check as a tree. */
export function explainCommand(permission: Command, terminal: Terminal, settle: (status: number) => void) {
  addCheckOptions(addRemoteOptions(permission.command('explain')))
    .description('explain why a subject has a permission on an object, or what is missing; same exit codes as check')
    .argument('<relationship>', 'NAMESPACE:OBJECT#RELATION@SUBJECT; the subject is an ID or NAMESPACE:OBJECT#RELATION')
    .action(async (text: string, options: RemoteOptions & CheckOptions) => {
      const tuple = parseTuple(text)
      const body = { ...tuple, max_depth: options.maxDepth, context: options.context }
      const input = { query: consistencyQuery(options), body }
      const answer = await ask(options, terminal, (client) => client.explainPermission(input))
      if (options.format === 'json') terminal.out(JSON.stringify(answer, null, 2))
      else for (const line of draw(answer, { question: formatTuple(tuple), style: terminal.style })) terminal.out(line)
      settle(answer.allowed ? exitCodes.done : exitCodes.failed)
    })
}

/** The result on one line, followed by the tree of reasons. */
function draw({ explanation }: ExplainedPermission, { question, style }: { question: string; style: Style }): string[] {
  const { look, verdict } = outcomes[explanation.outcome]
  const shape = {
    label: (reason: Reason) => labelOf(reason, style),
    children: ({ children }: Reason) => children,
  }
  return [`${style('bold', question)} is ${style(look, verdict)}`, ...drawTree(reasonFrom(explanation), shape, style)]
}

/** Marks distinguish outcomes without colors. An unknown outcome is never allowed. */
const outcomes = {
  allowed: { mark: '✓', look: 'green', verdict: 'allowed' },
  denied: { mark: '✗', look: 'red', verdict: 'denied' },
  unknown: { mark: '?', look: 'yellow', verdict: 'denied, because the search was incomplete' },
} as const

function labelOf({ outcome, what, note, rule }: Reason, style: Style): string {
  const { mark, look } = outcomes[outcome]
  const aside = `${note && ` (${note})`}${rule && `, ${rule}:`}`
  return `${style(look, mark)} ${what}${aside && style('dim', aside)}`
}

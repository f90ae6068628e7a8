import type { FlowExplanation } from '@latchkey/client'
import type { Command } from 'commander'
import { addRemoteOptions, ask, type RemoteOptions } from '../permission/remote.ts'
import type { Style, Terminal } from '../terminal.ts'

/** `latchkey explain ID`: prints what happened in a flow, step by step. */
export function addExplain(program: Command, terminal: Terminal) {
  addRemoteOptions(program.command('explain'))
    .description('explain what happened in a sign-in or another flow, step by step')
    .argument('<id>', 'the ID of the flow, or of the error page that it led to')
    .action(async (id: string, options: RemoteOptions) => {
      const found = await ask(options, terminal, (client) => client.explainFlow({ params: { id } }))
      if (options.format === 'json') terminal.out(JSON.stringify(found, null, 2))
      else for (const line of linesOf(found, terminal.style)) terminal.out(line)
    })
}

function linesOf({ flow, outcome, error, errors, steps }: FlowExplanation, style: Style): string[] {
  const what = flow ? `${flow.name} flow ${flow.id} (${flow.type}), ${outcome}` : 'an error without a flow'
  const shown = error ? `error ${error.id}: ${error.error.reason ?? error.error.message}` : undefined
  return [
    style('bold', what),
    ...(shown ? [style('red', shown)] : []),
    ...(error?.request ? [style('dim', `request ${error.request}`)] : []),
    ...errors.filter((id) => id !== error?.id).map((id) => `led to the error page ${id}`),
    ...steps.flatMap((step) => {
      const { at, took_ms: took = 0, text, outcome: end, request } = step
      const mark = end === 'refused' || end === 'failed' ? style('red', '✗') : end ? style('green', '✓') : ' '
      const aside = [...(took > 0 ? [`${took} ms`] : []), ...(request ? [`request ${request}`] : [])].join(', ')
      return [`${style('dim', at)} ${mark} ${text}${aside && style('dim', ` (${aside})`)}`]
    }),
  ]
}

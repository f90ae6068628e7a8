import type { Loaded } from '@latchkey/server'
import type { Terminal } from './terminal.ts'

export interface Welcome {
  loaded: Loaded
  /** A token created at this start. If undefined, the command that creates one is printed instead. */
  token: string | undefined
  /** The command line that creates a token in the same database. */
  tokenCommand: string
  startedInMs: number
}

export function printWelcome({ loaded, token, tokenCommand, startedInMs }: Welcome, terminal: Terminal) {
  const { identity } = loaded.config
  const { style } = terminal
  const base = identity.serve.public.base_url.replace(/\/+$/, '')
  const rows: [string, string][] = [
    ['Sign up', style('underline', absoluteUrl(base, identity.selfservice.flows.registration.ui_url))],
    ...(loaded.mode === 'dev' ? [['Mailbox', style('underline', `${base}/dev/mailbox`)] as [string, string]] : []),
    ['API', style('underline', base)],
    token
      ? ['Admin token', `${style('bold', token)}  ${style('dim', '(shown only once)')}`]
      : ['Admin token', `${style('dim', 'create one with')} ${tokenCommand}`],
  ]
  terminal.out(
    [
      '',
      `  ${style('bold', 'Latchkey')} is ready ${style('dim', `in ${Math.round(startedInMs)} ms`)}`,
      '',
      ...rows.map(([label, value]) => `  ${style('dim', label.padEnd(13))}${value}`),
      '',
    ].join('\n'),
  )
}

/** Prints to standard error, because in drop-in mode standard output is the log. */
export function printListening(addresses: readonly string[], terminal: Terminal) {
  terminal.err(`${terminal.style('bold', 'Latchkey')} listens on ${addresses.join(' and ')}`)
}

function absoluteUrl(base: string, url: string): string {
  return URL.canParse(url) ? url : `${base}/${url.replace(/^\/+/, '')}`
}

import type { Loaded } from '@latchkey/server'
import type { Terminal } from './terminal.ts'
import type { Bound } from './workers.ts'

export interface Welcome {
  loaded: Loaded
  /** A token created at this start. If undefined, the command that creates one is printed instead. */
  token: string | undefined
  /** The command line that creates a token in the same database. */
  tokenCommand: string
  startedInMs: number
  bound: Bound
}

export function printWelcome({ loaded, token, tokenCommand, startedInMs, bound }: Welcome, terminal: Terminal) {
  const { identity } = loaded.config
  const { style } = terminal
  const base = identity.serve.public.base_url.replace(/\/+$/, '')
  const rows: [string, string][] = [
    ['Sign up', style('underline', absoluteUrl(base, identity.selfservice.flows.registration.ui_url))],
    ...(loaded.mode === 'dev' ? [['Mailbox', style('underline', `${base}/dev/mailbox`)] as [string, string]] : []),
    ['API', style('underline', base)],
    ['Listens on', bound.addresses.join(' and ')],
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
export function printListening({ addresses, openAddresses }: Bound, terminal: Terminal) {
  for (const address of openAddresses) {
    const text = `${address} answers every machine that can reach it, and asks for no token; bind it to 127.0.0.1`
    terminal.err(`${terminal.style('yellow', 'warning')} ${text}, or let a firewall protect it`)
  }
  terminal.err(`${terminal.style('bold', 'Latchkey')} listens on ${addresses.join(' and ')}`)
}

function absoluteUrl(base: string, url: string): string {
  return URL.canParse(url) ? url : `${base}/${url.replace(/^\/+/, '')}`
}

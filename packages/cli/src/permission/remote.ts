import { type Client, createClient, LatchkeyError } from '@latchkey/client'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

/** Options that select the server and the output format. */
export interface RemoteOptions {
  endpoint: string
  readRemote?: string
  token?: string
  format: 'text' | 'json'
}

export function addRemoteOptions(command: Command): Command {
  return addFormat(
    command
      .option('--endpoint <url>', 'base URL of the server', address, 'http://127.0.0.1:4000')
      .option('--read-remote <url>', "alias of --endpoint, as in Keto's command line", address)
      .option(
        '--token <token>',
        "an admin token (or the variable LATCHKEY_TOKEN); not needed for Keto's own listeners",
      ),
  )
}

/** Options of the list commands. */
export interface LimitOptions extends RemoteOptions {
  limit: number
}

const largestPage = 1000

/** Adds `--limit` and the options that select the server. */
export function addLimit(command: Command): Command {
  return addRemoteOptions(command).option('--limit <count>', 'maximum number of results', wholeNumber, largestPage)
}

/** The page size for a list: one entry more than the limit shows whether the list continues. */
export function pageSize({ limit }: { limit: number }): { page_size: number } {
  return { page_size: Math.min(limit + 1, largestPage) }
}

/** The first entries of a list, and whether there are more. */
export async function firstOf<T>(list: AsyncIterable<T>, limit: number): Promise<{ found: T[]; more: boolean }> {
  const found: T[] = []
  for await (const one of list) {
    if (found.length === limit) return { found, more: true }
    found.push(one)
  }
  return { found, more: false }
}

/** Prints a list as JSON or one entry per line, with a notice on standard error if there are more entries. */
export function printList<T>(
  { found, more }: { found: readonly T[]; more: boolean },
  { format, limit }: Pick<LimitOptions, 'format' | 'limit'>,
  { terminal, line, none }: { terminal: Terminal; line: (one: T) => string; none: string },
): void {
  if (format === 'json') terminal.out(JSON.stringify(found, null, 2))
  else if (found.length === 0) terminal.out(terminal.style('dim', none))
  else for (const one of found) terminal.out(line(one))
  if (more) terminal.err(`There are more than ${limit} results; increase --limit to see them.`)
}

export function addFormat(command: Command): Command {
  return command.addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
}

/**
 * Sends a request to the server selected by the options. Errors are reported on one line.
 * @throws UsageError, because exit code 1 means "denied"
 */
export async function ask<T>(
  { endpoint, readRemote, token }: RemoteOptions,
  terminal: Terminal,
  question: (client: Client) => Promise<T>,
): Promise<T> {
  const baseUrl = readRemote ?? endpoint
  const client = createClient({ baseUrl, token: token ?? terminal.env.LATCHKEY_TOKEN })
  try {
    return await question(client)
  } catch (error) {
    throw new UsageError(errorMessage(error, baseUrl))
  }
}

function errorMessage(error: unknown, baseUrl: string): string {
  if (!(error instanceof LatchkeyError)) {
    const { message, name, cause } = error as Error & { cause?: { message?: string; code?: string } }
    const why = name === 'TimeoutError' ? 'timeout' : cause?.message || cause?.code || message
    return `${baseUrl} cannot be reached: ${why}.`
  }
  if (error.status === 401) return `${baseUrl} requires an admin token: use --token or the variable LATCHKEY_TOKEN.`
  const what = error.message.replace(/\.$/, '')
  return `${baseUrl} returned status ${error.status}: ${what}.`
}

/** Parses a URL whose scheme is optional, as in Keto's command line. */
function address(text: string): string {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`
  if (!URL.canParse(url)) throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:4466.')
  return url
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('Expected a positive integer.')
}

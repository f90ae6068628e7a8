import { type Client, createClient, LatchkeyError } from '@latchkey/client'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

/** Options that say which server is asked, and how its answer is shown. */
export interface RemoteOptions {
  endpoint: string
  readRemote?: string
  token?: string
  format: 'text' | 'json'
}

export function addRemoteOptions(command: Command): Command {
  return addFormat(
    command
      .option('--endpoint <address>', 'where the server answers', address, 'http://127.0.0.1:4000')
      .option('--read-remote <address>', "the same, by the name of Keto's own command", address)
      .option('--token <token>', "an admin token, which Keto's own listeners do not ask for (or LATCHKEY_TOKEN)"),
  )
}

/** Options of a list of anything. */
export interface LimitOptions extends RemoteOptions {
  limit: number
}

const largestPage = 1000

/** Adds `--limit` and the options that say which server is asked. */
export function addLimit(command: Command): Command {
  return addRemoteOptions(command).option('--limit <count>', 'so many at most', wholeNumber, largestPage)
}

/** Pages that a list is read in: one more than the limit tells whether there are more. */
export function pageSize({ limit }: { limit: number }): { page_size: number } {
  return { page_size: Math.min(limit + 1, largestPage) }
}

/** The first entries of a list, and whether it goes on. */
export async function firstOf<T>(list: AsyncIterable<T>, limit: number): Promise<{ found: T[]; more: boolean }> {
  const found: T[] = []
  for await (const one of list) {
    if (found.length === limit) return { found, more: true }
    found.push(one)
  }
  return { found, more: false }
}

/** Shows a list as JSON or one entry a line, and says on the side that it goes on. */
export function printList<T>(
  { found, more }: { found: readonly T[]; more: boolean },
  { format, limit }: Pick<LimitOptions, 'format' | 'limit'>,
  { terminal, line, none }: { terminal: Terminal; line: (one: T) => string; none: string },
): void {
  if (format === 'json') terminal.out(JSON.stringify(found, null, 2))
  else if (found.length === 0) terminal.out(terminal.style('dim', none))
  else for (const one of found) terminal.out(line(one))
  if (more) terminal.err(`There are more than ${limit}; raise --limit to see them.`)
}

export function addFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text'),
  )
}

/**
 * Asks the server that the options name. What it refuses, and that it cannot be reached, is told in one line.
 * @throws UsageError, since exit code 1 means that a permission is denied
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
    throw new UsageError(explained(error, baseUrl))
  }
}

function explained(error: unknown, baseUrl: string): string {
  if (!(error instanceof LatchkeyError)) {
    const { message, name, cause } = error as Error & { cause?: { message?: string; code?: string } }
    const why = name === 'TimeoutError' ? 'no answer in time' : cause?.message || cause?.code || message
    return `${baseUrl} cannot be asked: ${why}.`
  }
  if (error.status === 401) return `${baseUrl} asks for an admin token: give --token, or the variable LATCHKEY_TOKEN.`
  const what = error.message.replace(/\.$/, '')
  return `${baseUrl} refused with status ${error.status}: ${what}.`
}

/** An address may leave out the scheme, as those of Keto's command do. */
function address(text: string): string {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`
  if (!URL.canParse(url)) throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:4466.')
  return url
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('Expected a whole number above nought.')
}

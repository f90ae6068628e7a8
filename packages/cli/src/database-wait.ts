import { type Command, Option } from 'commander'
import { wholeNumber } from './whole-number.ts'

export interface DatabaseWaitOptions {
  /** In seconds. */
  readonly databaseWait: number
}

const usualWait = 60
const longestWait = 3600

/** Adds `--database-wait`, for commands that start together with their database. */
export function addDatabaseWait(command: Command): Command {
  const text = 'how long the start waits for a database that is not available'
  const option = new Option('--database-wait <seconds>', text).argParser(wholeNumber(0, longestWait)).default(usualWait)
  return command.addOption(option.env('LATCHKEY_DATABASE_WAIT'))
}

export function databaseWaitMs({ databaseWait }: DatabaseWaitOptions): number {
  return databaseWait * 1000
}

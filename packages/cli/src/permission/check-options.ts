import { type Command, InvalidArgumentError, Option } from 'commander'
import { wholeNumber } from './remote.ts'

/** Options of the commands that run checks. */
export interface CheckOptions {
  maxDepth?: number
  context?: Record<string, unknown>
  consistency?: (typeof consistencies)[number]
  snaptoken?: string
}

const consistencies = ['full', 'at_least', 'minimize_latency'] as const

/** Adds the options of the commands that run checks. */
export function addCheckOptions(command: Command): Command {
  return command
    .option('--max-depth <levels>', 'maximum depth of the search', wholeNumber)
    .option('--context <json>', 'the context of conditions, such as \'{"ip":"10.1.2.3"}\'', object)
    .addOption(new Option('--consistency <level>', 'how fresh the result must be').choices(consistencies))
    .option('--snaptoken <token>', 'the result reflects this snapshot token or a later state')
}

/** The query parameters for consistency. */
export function consistencyQuery({ consistency, snaptoken }: CheckOptions) {
  return { consistency, snaptoken }
}

function object(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Reported below, like JSON that is not an object.
  }
  throw new InvalidArgumentError('Expected a JSON object such as {"ip":"10.1.2.3"}.')
}

import { type Command, InvalidArgumentError, Option } from 'commander'
import { wholeNumber } from './remote.ts'

/** Options of a question that is answered by a check. */
export interface Circumstances {
  maxDepth?: number
  context?: Record<string, unknown>
  consistency?: (typeof consistencies)[number]
  snaptoken?: string
}

const consistencies = ['full', 'at_least', 'minimize_latency'] as const

/** Adds the options of a question that is answered by a check: how far, on what terms, and how fresh. */
export function addCircumstances(command: Command): Command {
  return command
    .option('--max-depth <levels>', 'how far to follow relations', wholeNumber)
    .option('--context <json>', 'what the conditions of relationships are told, such as \'{"ip":"10.1.2.3"}\'', object)
    .addOption(new Option('--consistency <kind>', 'how fresh the answer has to be').choices(consistencies))
    .option('--snaptoken <token>', 'a state that the answer must not be older than')
}

/** How fresh the answer has to be, as parameters of the query. */
export function freshness({ consistency, snaptoken }: Circumstances) {
  return { consistency, snaptoken }
}

function object(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below, together with what is JSON but no object.
  }
  throw new InvalidArgumentError('Expected a JSON object such as {"ip":"10.1.2.3"}.')
}

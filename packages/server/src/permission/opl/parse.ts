import { isTurnOver, nextTurn } from '../turn.ts'
import { checkReferences } from './checks.ts'
import { readClass } from './classes.ts'
import { isKeyword } from './lexer.ts'
import type { Namespace } from './model.ts'
import { type Position, positionsIn } from './positions.ts'
import { GrammarFault, type Parsing, Source } from './source.ts'

/** What skipping a token takes, in steps of a search. */
const stepsPerToken = 1 / 8

export interface OplError {
  message: string
  start: Position
  end: Position
}

export interface ParsedOpl {
  readonly namespaces: Namespace[]
  readonly errors: OplError[]
}

/**
 * Parses a file in the Ory Permission Language. Parsing stops at the first syntax error and returns the classes before
 * it; references are checked only if there is no syntax error.
 */
export function parseOpl(text: string): ParsedOpl {
  const parsing = parse(text)
  for (;;) {
    const { done, value } = parsing.next()
    if (done) return value
  }
}

/** Parses the text of a request, which may take a second: others have their turn in between. */
export async function parseOplInTurns(text: string): Promise<ParsedOpl> {
  const parsing = parse(text)
  for (;;) {
    const { done, value } = parsing.next()
    if (done) return value
    if (isTurnOver(value)) await nextTurn()
  }
}

function* parse(text: string): Parsing<ParsedOpl> {
  const source = new Source(text)
  const namespaces: Namespace[] = []
  try {
    yield* readClasses(source, namespaces)
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
  }
  const faults = source.faults.length > 0 ? source.faults : yield* checkReferences(source.references, namespaces)
  if (faults.length === 0) return { namespaces, errors: [] }
  const positionOf = positionsIn(text)
  const errors = faults.map(({ message, at }) => ({ message, start: positionOf(at.start), end: positionOf(at.end) }))
  return { namespaces, errors }
}

/** Skips anything between classes, as long as it consists of valid tokens. */
function* readClasses(source: Source, namespaces: Namespace[]): Parsing<void> {
  for (let token = source.next(); token.kind !== 'end'; token = source.next()) {
    if (token.kind === 'fault') source.refuse(token, token.text)
    if (isKeyword(token, 'class')) {
      namespaces.push(yield* readClass(source))
      yield 2
    } else yield stepsPerToken
  }
}

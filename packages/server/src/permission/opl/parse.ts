import { checkReferences } from './checks.ts'
import { readClass } from './classes.ts'
import { isKeyword } from './lexer.ts'
import type { Namespace } from './model.ts'
import { type Position, positionsIn } from './positions.ts'
import { GrammarFault, Source } from './source.ts'

export interface OplError {
  message: string
  start: Position
  end: Position
}

/**
 * Parses a file in the Ory Permission Language. Parsing stops at the first syntax error and returns the classes before
 * it; references are checked only if there is no syntax error.
 */
export function parseOpl(text: string): { namespaces: Namespace[]; errors: OplError[] } {
  const source = new Source(text)
  const namespaces: Namespace[] = []
  try {
    readClasses(source, namespaces)
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
  }
  const faults = source.faults.length > 0 ? source.faults : checkReferences(source.references, namespaces)
  if (faults.length === 0) return { namespaces, errors: [] }
  const positionOf = positionsIn(text)
  const errors = faults.map(({ message, at }) => ({ message, start: positionOf(at.start), end: positionOf(at.end) }))
  return { namespaces, errors }
}

/** Skips anything between classes, as long as it consists of valid tokens. */
function readClasses(source: Source, namespaces: Namespace[]): void {
  for (let token = source.next(); token.kind !== 'end'; token = source.next()) {
    if (token.kind === 'fault') source.refuse(token, token.text)
    if (isKeyword(token, 'class')) namespaces.push(readClass(source))
  }
}

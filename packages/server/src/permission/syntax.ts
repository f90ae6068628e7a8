import type { CheckOplSyntaxResult } from '@latchkey/api'
import { parseOpl } from './opl/parse.ts'

/** The errors of a namespaces file; without errors there is no list, as with Keto. */
export function checkSyntax(text: string): CheckOplSyntaxResult {
  const { errors } = parseOpl(text)
  if (errors.length === 0) return {}
  return {
    errors: errors.map(({ message, start, end }) => ({
      message,
      start: { Line: start.line, column: start.column },
      end: { Line: end.line, column: end.column },
    })),
  }
}

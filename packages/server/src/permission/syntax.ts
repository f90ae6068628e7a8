import type { CheckOplSyntaxResult } from '@latchkey/api'
import { parseOplInTurns } from './opl/parse.ts'

/** The errors of a namespaces file; without errors there is no list, as with Keto. */
export async function checkSyntax(text: string): Promise<CheckOplSyntaxResult> {
  const { errors } = await parseOplInTurns(text)
  if (errors.length === 0) return {}
  return {
    errors: errors.map(({ message, start, end }) => ({
      message,
      start: { Line: start.line, column: start.column },
      end: { Line: end.line, column: end.column },
    })),
  }
}

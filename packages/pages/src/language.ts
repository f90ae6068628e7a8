import { type Language, localize } from '@latchkey/api'
import type { UiText } from './flow/flow.ts'

export { type Language, languages } from '@latchkey/api'

/** The wording of a message or label in the reader's language. */
export function say(text: UiText, language: Language): string {
  return localize(text, language)
}

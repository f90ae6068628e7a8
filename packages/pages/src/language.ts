import { type Language, localize } from '@latchkey/api'
import type { UiText } from './flow/flow.ts'

export { type Language, languages } from '@latchkey/api'

/** The text of a message or label in the language of the reader. */
export function say(text: UiText, language: Language): string {
  return localize(text, language)
}

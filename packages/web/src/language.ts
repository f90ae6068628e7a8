import { type Language, languages, localize } from '@latchkey/api'
import type { UiText } from './flow/flow.ts'

export { type Language, languages } from '@latchkey/api'

const maxHeaderLength = 1000

/**
 * The language to answer a reader in, by the `Accept-Language` header (RFC 9110, section 12.5.4).
 * Regions are ignored, equal weights count in their order, and English answers where nothing fits.
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').slice(0, maxHeaderLength).split(',').map(parseWish)
  const ordered = wishes.filter((wish) => wish.weight > 0).sort((a, b) => b.weight - a.weight)
  for (const wish of ordered) {
    const language = languages.find((candidate) => candidate === wish.tag)
    if (language) return language
    if (wish.tag === '*') break
  }
  return 'en'
}

/** The wording of a message or label in the reader's language. */
export function say(text: UiText, language: Language): string {
  return localize(text, language)
}

function parseWish(part: string): { tag: string; weight: number } {
  const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { tag: range.split('-')[0] ?? '', weight: Number.isFinite(weight) ? weight : 0 }
}

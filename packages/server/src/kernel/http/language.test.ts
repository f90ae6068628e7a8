import { languages } from '@latchkey/api'
import { describe, expect, it } from 'vitest'
import { preferredLanguage } from './language.ts'

describe('the preferred language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,en;q=0.9', 'de'],
    ['fr-FR,fr;q=0.9,de;q=0.8,en;q=0.7', 'de'],
    ['en;q=0.5, de;q=0.6', 'de'],
    ['de;q=0, en', 'en'],
    ['*', 'en'],
    ['de;q=nonsense', 'en'],
    ['DE', 'de'],
    [`${'x,'.repeat(100_000)}de`, 'en'],
  ])('answers %j in %s', (header, language) => {
    expect(preferredLanguage(header, languages)).toBe(language)
  })
})

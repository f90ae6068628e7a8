import { expect, it } from 'vitest'
import { patternOf } from './patterns.ts'

it('answers the same however many texts a pattern has matched before', () => {
  // Each text needs other states, so that the matcher is compiled anew several times.
  const pattern = patternOf('^(?:[ab]*a[ab]{9}|ж+)$')
  for (let i = 0; i < 3000; i++) {
    const text = i.toString(2).replaceAll('0', 'a').replaceAll('1', 'b')
    expect(pattern.test(text)).toBe(text.length >= 10 && text.at(-10) === 'a')
  }
  expect([pattern.test('жж'), pattern.test('ж1')]).toEqual([true, false])
})

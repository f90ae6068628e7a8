import { describe, expect, test } from 'vitest'
import { matchesUrlPattern } from './url-patterns.ts'

describe('patterns of addresses', () => {
  test.each([
    ['http://127.0.0.1:8080/hook', 'http://127.0.0.1:8080/hook'],
    ['http://127.0.0.1:8080/hook?user=1#top', 'http://127.0.0.1:8080/hook'],
    ['http://hooks.internal/a', 'http://hooks.internal/*'],
    ['http://hooks.internal/a/b', 'http://hooks.internal/**'],
    ['http://one.hooks.internal/', 'http://*.hooks.internal/'],
    ['http://10.0.0.7/', 'http://10.0.0.?/'],
  ])('%s fits %s', (url, pattern) => expect(matchesUrlPattern(new URL(url), [pattern])).toBe(true))

  test.each([
    ['http://hooks.internal/a/b', 'http://hooks.internal/*'],
    ['http://a.b.hooks.internal/', 'http://*.hooks.internal/'],
    ['http://hooksXinternal/', 'http://hooks.internal/'],
    ['http://hooks.internal.evil.example/', 'http://hooks.internal'],
    ['http://user@hooks.internal:81/', 'http://hooks.internal/'],
    ['https://hooks.internal/', 'http://hooks.internal/'],
  ])('%s does not fit %s', (url, pattern) => expect(matchesUrlPattern(new URL(url), [pattern])).toBe(false))
})

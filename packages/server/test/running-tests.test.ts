import { expect, test } from 'vitest'
import { runningTests } from './running-tests.ts'

const body = '() => { expect(1).toBe(1) }'

test.each([
  [`test('a', ${body})`, true],
  [`it("a", { timeout: 1 }, async ${body})`, true],
  [`test.each([1])('a', ${body})`, true],
  [`describe('b', () => { describe.each(dsns)('c', () => { test('a', ${body}) }) })`, true],
  [`const check = ${body}; test('a', () => check())`, true],
  [`test('a', async () => { await expect(f()).rejects.toThrow() })`, true],
  [`test.skip('a', ${body})`, false],
  [`test.todo('a')`, false],
  [`test.fails('a', ${body})`, false],
  [`test.skipIf(true)('a', ${body})`, false],
  [`test.runIf(x)('a', ${body})`, false],
  [`test.each.skip([1])('a', ${body})`, false],
  [`describe.skip('b', () => { test('a', ${body}) })`, false],
  [`describe.todo('b', () => { test('a', ${body}) })`, false],
  [`test('a', () => {})`, false],
  [`test('a', () => { f() })`, false],
  [`test('a', () => { /* expect(1) */ })`, false],
  [`// test('a', ${body})`, false],
  [`const title = 'a'; test('b', ${body})`, false],
  [`test('a and more', ${body})`, false],
  [`test('a')`, false],
])('%s', (text, runs) => expect(runningTests(text).includes('a')).toBe(runs))

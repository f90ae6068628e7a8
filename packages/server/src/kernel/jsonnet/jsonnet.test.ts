import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { evaluate as evaluateInThread } from '../gotools/index.ts'
import { UnavailableError } from '../unavailable.ts'
import { evaluateJsonnet, JsonnetError, parseJsonnet } from './index.ts'

const evaluate = async (text: string, variables: Record<string, unknown> = {}, owner = 'a') => {
  const texts = Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)])
  return JSON.parse(
    await evaluateJsonnet({ name: 'mapper', text }, { owner, variables: Object.fromEntries(texts) }),
  ) as unknown
}

const endless = 'local f(x) = f(x + 1) tailstrict; f(0)'
/** Takes the whole second in little memory. */
const slow = 'std.foldl(function(sum, i) sum + i, std.makeArray(1e9, function(i) i), 0)'

test('evaluates with variables, which are JSON', async () => {
  const text = "local s = std.extVar('session'); { claims: { email: s.email, [if s.paid then 'plan']: 'paid' } }"
  expect(await evaluate(text, { session: { email: 'ada@harbour.example', paid: true } })).toEqual({
    claims: { email: 'ada@harbour.example', plan: 'paid' },
  })
  expect(await evaluate("std.extVar('text')", { text: 'é 🚢 \u2028 "quoted" \\' })).toBe('é 🚢 \u2028 "quoted" \\')
})

test('evaluates inputs that let the memory of the evaluator grow', async () => {
  // The next thread is new, and its memory small.
  await expect(evaluate(endless)).rejects.toThrow(JsonnetError)
  for (const size of [1, 1000, 300_000, 3_900_000, 3_900_000, 10]) {
    const jsonnet = {
      name: 'mapper',
      text: "std.length(std.extVar('text'))",
      extCode: { text: `"${'x'.repeat(size)}"` },
    }
    // A busy machine takes longer for the largest ones than a request may.
    expect(await evaluateInThread({ jsonnet }, { owner: 'a', isCheck: true })).toBe(`${size}\n`)
  }
})

test('keeps nothing of an evaluation for the next', async () => {
  await evaluate("std.extVar('secret')", { secret: 'x' })
  await expect(evaluate("std.extVar('secret')")).rejects.toThrow(/Undefined external variable: secret/)
})

test.each([
  ['mistakes of syntax', '{ a: ', /mapper:1:/],
  ['mistakes of evaluation', "error 'not for you'", /not for you/],
  ['imports', "import 'other.jsonnet'", /imports are not allowed/],
  ['imports of text', "importstr '/etc/passwd'", /imports are not allowed/],
  ['recursion without end', 'local f(x) = 1 + f(x + 1); f(0)', /max stack frames exceeded/],
  ['lists without end', 'std.range(0, 1e9)', /./],
  ['an output of 600 KB', "[std.extVar('large') for i in std.range(1, 6)]", /output is larger than 524288 bytes/],
  [
    'a string of 100 MB',
    "std.length(std.join('', [std.extVar('large') for i in std.range(1, 1000)]))",
    /too much memory/,
  ],
  ['a string that doubles', "std.foldl(function(a, b) a + a, std.range(0, 40), 'x')", /too much memory|took longer/],
  ['source that is nested too deep', '['.repeat(100_000), /too deep|took longer/],
])('refuses %s, and goes on', async (_, text, message) => {
  const failure = await evaluate(text, { large: 'x'.repeat(100_000) }).catch((error: Error) => error)
  expect(failure).toBeInstanceOf(JsonnetError)
  expect((failure as Error).message).toMatch(message)
  expect(await evaluate('1 + 1')).toBe(2)
})

test('refuses an input that is too large', async () => {
  await expect(evaluate('1', { a: 'x'.repeat(5 << 20) })).rejects.toThrow(JsonnetError)
})

test.each([endless, slow])('interrupts what takes too long, while the event loop goes on: %s', async (text) => {
  await evaluate('1')
  let isDone = false
  let turns = 0
  const failure = evaluate(text).catch((error: Error) => error)
  void failure.then(() => {
    isDone = true
  })
  while (!isDone) {
    await nextTurn()
    turns++
  }
  expect((await failure) as Error).toBeInstanceOf(JsonnetError)
  expect(turns).toBeGreaterThan(10)
})

test('evaluates many at once, each with its own variables', async () => {
  const many = Array.from({ length: 60 }, (_, index) => index)
  const answers = await Promise.all(many.map((value) => evaluate("{ v: std.extVar('v') }", { v: value })))
  expect(answers).toEqual(many.map((v) => ({ v })))
})

test('lets owners take turns, and refuses more than the queue holds', async () => {
  const order: string[] = []
  const record = (owner: string, promise: Promise<unknown>) => promise.then(() => order.push(owner))
  const settled = Promise.allSettled([
    ...Array.from({ length: 64 }, () => record('many', evaluate('1', {}, 'many'))),
    record('one', evaluate('1', {}, 'one')),
  ])
  await expect(evaluate('1', {}, 'many')).rejects.toThrow(UnavailableError)
  expect((await settled).every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(order.indexOf('one')).toBeLessThan(3)
})

test('refuses what has waited for too long', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => evaluate(slow)))
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
  expect(reasons.filter((reason) => reason instanceof JsonnetError).length).toBeGreaterThanOrEqual(2)
  expect(reasons.filter((reason) => reason instanceof UnavailableError).length).toBeGreaterThanOrEqual(3)
  expect(await evaluate('1')).toBe(1)
})

test('parses without evaluating', async () => {
  await expect(parseJsonnet({ name: 'mapper', text: "error 'at evaluation'" })).resolves.toBeUndefined()
  await expect(parseJsonnet({ name: 'mapper', text: '{ a: }' })).rejects.toThrow(JsonnetError)
})

test('checks as many snippets at once as a configuration has', async () => {
  const snippets = Array.from({ length: 300 }, (_, i) => ({ name: `snippet ${i}`, text: '{ a: 1 }' }))
  await expect(Promise.all(snippets.map((snippet) => parseJsonnet(snippet)))).resolves.toHaveLength(300)
})

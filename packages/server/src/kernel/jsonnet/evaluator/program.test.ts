import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../gotools/index.ts'
import { programOf } from './program.ts'
import { Cancelled } from './values.ts'

const owner = 'test'
const data = {
  email: 'ada@harbour.example',
  verified: true,
  none: null,
  count: 3,
  half: 0.1,
  list: ['b', 'a', { deep: [1, [], {}] }],
  'é 🚢': '\u2028 \u007f \u0085 "quoted" \\ \n',
  inner: { a: 1, b: { c: 'd' }, empty: '' },
}
const input = JSON.stringify(data)

/** The result of the evaluator in this process; undefined if it leaves the program to the reference. */
async function direct(text: string, variables = { data: input }, parameters = {}): Promise<string | undefined> {
  const syntax = await evaluate({ jsonnet: { name: 'test', text, parse: true } }, { owner, isCheck: true })
  return programOf(syntax)?.(variables, parameters)
}

function reference(text: string, variables = { data: input }, parameters = {}): Promise<string> {
  const jsonnet = { name: 'test', text, extCode: variables, tlaCode: parameters }
  return evaluate({ jsonnet }, { owner, isCheck: true })
}

test.each([
  "std.extVar('data')",
  "local d = std.extVar('data'); { claims: { email: d.email, n: d.count * 2 - 1 } }",
  "local d = { verified: false } + std.extVar('data'); { [if 'email' in d && d.verified then 'email']: d.email }",
  "local d = { hidden:: 1 } + std.extVar('data'); { [if 'phone' in d then 'phone' else null]: d.phone, n: d.hidden }",
  '{ a:: 1, b::: 2, c: 3 } + { a: 4, b: 5, c:: 6 }',
  "'text ' + 1 + true + null + { b: [1, 'x', {}], a: [] } + std.extVar('data').half",
  "[1 < 2, 'a' < 'b', 'é' > 'z', '🚢' > '\uffff', 2 >= 2, 'a' <= 'a', 1 == '1', null != 'x', !true, -3]",
  "local f(x, y) = x + y; [f(1, 2), f('a', 'b'), f({ a: 1 }, { b: 2 })]",
  'local a = b + 1, b = 2; a',
  '{ local prefix = "x-", name: prefix + $.id, id: self.other.id, other: { id: "7" } }',
  "if std.objectHas(std.extVar('data'), 'email') then std.length(std.extVar('data').email) else error 'none'",
  "[std.length('🚢é'), std.length([1, 2]), std.length({ a: 1, b:: 2 }), std.objectHasAll({ b:: 2 }, 'b')]",
  "[std.type(x) for x in []] + [std.type(null), std.type('x'), std.type({}), std.type([]), std.type(std.length)]",
  "[std.asciiLower('ÄBC'), std.asciiUpper('äbc'), std.startsWith('abc', 'ab'), std.endsWith('abc', 'bc')]",
  '[0.1, 1.5, 123456.789, 1e15, 9007199254740991, 0.0001234]',
  '[{}, [], { a: [] }, [{}]]',
  "std.manifestJsonMinified([std.extVar('data'), {}, [], 1.5, { a:: 1 }])",
  "local unused = error 'never'; { a: 1, [null]: unused }",
  "{ '__proto__': 1, constructor: 2, toString: 3 }",
])('evaluates as the reference does: %s', async (text) => {
  // Comprehensions are left to the reference.
  const covered = text.replace('[std.type(x) for x in []] + ', '')
  expect(await direct(covered)).toBe(await reference(text))
})

test('calls a program that is a function with its parameters', async () => {
  const text = 'function(ctx) { id: ctx.identity.id, email: ctx.identity.traits.email }'
  const parameters = { ctx: JSON.stringify({ identity: { id: '1', traits: { email: 'a' } } }) }
  expect(await direct(text, undefined, parameters)).toBe(await reference(text, undefined, parameters))
  expect(await direct(text, undefined, { other: '1' })).toBeUndefined()
})

test.each([
  ['errors', "error 'none'"],
  ['missing fields', "std.extVar('data').missing"],
  ['missing elements', '[1][1]'],
  ['missing variables', "std.extVar('missing')"],
  ['values that need themselves', 'local a = a; a'],
  ['recursion', 'local f(x) = f(x); f(1)'],
  ['long recursion', 'local f(x) = if x > 100000 then x else f(x + 1); f(0)'],
  [
    'texts that double',
    'local a = "xxxxxxxxxxxxxxxx", b = a + a + a + a, c = b + b + b + b, d = c + c + c + c; [d + d + d + d + d]'.replace(
      '[d',
      `[${'d + '.repeat(300)}d`,
    ),
  ],
  ['imports', "import 'a'"],
  ['comprehensions', '[x for x in [1]]'],
  ['fields that are there twice', "{ a: 1, ['a']: 2 }"],
  ['extended objects that refer to themselves', '{ a: 1, b: self.a } + { a: 2 }'],
  ['super', '{ a: 1 } + { a: super.a }'],
  ['assertions', '{ assert true, a: 1 }'],
  ['formats', "'%s' % 1"],
  ['functions as results', '{ a: function(x) x }'],
  ['numbers with an exponent', '1e30'],
  ['divisions', '1 / 0'],
  ['functions of std that are not known', 'std.sha256("a")'],
  ['sources that are nested deeply', `${'['.repeat(110)}${']'.repeat(110)}`],
])('leaves %s to the reference', async (_, text) => {
  expect(await direct(text)).toBeUndefined()
})

test('says that no request is to be sent', async () => {
  await expect(direct("{ a: if true then error 'cancel' else 1 }")).rejects.toThrow(Cancelled)
  const before = "[error 'none', error 'cancel']"
  expect(await direct(before)).toBeUndefined()
  await expect(reference(before)).rejects.toThrow('none')
})

test.each([
  ['half of a surrogate pair', { data: '"\\ud800"' }],
  ['large inputs', { data: JSON.stringify('x'.repeat(70_000)) }],
])('leaves %s to the reference', async (_, variables) => {
  expect(await direct("std.extVar('data')", variables)).toBeUndefined()
})

test('evaluates random programs as the reference does', async () => {
  let [covered, failed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(programs, async (text) => {
      const output = await direct(text)
      if (output === undefined) return
      const expected = await reference(text).catch(() => {
        failed++
        return undefined
      })
      covered++
      expect(output, text).toBe(expected)
    }),
    { numRuns: 1000 },
  )
  expect(covered).toBeGreaterThan(100)
  expect(failed).toBe(0)
}, 60_000)

const names = fc.constantFrom('a', 'b', 'c', 'email', 'count', 'inner', 'list')
const { programs } = fc.letrec<{ programs: string; expression: string }>((tie) => {
  const one = tie('expression')
  const literal = fc.constantFrom('null', 'true', 'false', '0', '1', '2.5', '-3', "'a'", "'b🚢'", "''", '[]', '{}')
  const variable = fc.constantFrom("std.extVar('data')", 'd', 'd.inner', 'd.list', 'd.email', 'd.count', 'x', 'y')
  const operator = fc.constantFrom('+', '-', '*', '==', '!=', '<', '<=', '>', '>=', '&&', '||')
  const joinedBy = (parts: fc.Arbitrary<string>[], text: (parts: string[]) => string) => fc.tuple(...parts).map(text)
  const call = fc.constantFrom(
    'std.length',
    'std.type',
    'std.toString',
    'std.isString',
    'std.asciiUpper',
    'std.manifestJsonMinified',
    'f',
  )
  const colon = fc.constantFrom(':', '::', ':::')
  const field = joinedBy([names, colon, one], ([name, sign, value]) => `${name}${sign} ${value}`)
  const optional = joinedBy([one, names, one], ([test, name, value]) => `[if ${test} then '${name}']: ${value}`)
  const object = fc.uniqueArray(fc.oneof(field, optional), { maxLength: 4, selector: (text) => text.slice(0, 2) })
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.oneof(literal, variable),
      joinedBy([one, operator, one], ([left, sign, right]) => `(${left} ${sign} ${right})`),
      joinedBy([one, names], ([target, name]) => `(${target}).${name}`),
      joinedBy([one, names], ([target, name]) => `('${name}' in ${target})`),
      joinedBy([one, one], ([target, index]) => `(${target})[${index}]`),
      joinedBy([one, one, one], ([test, yes, no]) => `(if ${test} then ${yes} else ${no})`),
      joinedBy([call, one], ([name, value]) => `${name}(${value})`),
      joinedBy([one, names], ([target, name]) => `std.objectHas(${target}, '${name}')`),
      joinedBy([names, one, one], ([name, value, body]) => `(local x = ${value}, y = { ${name}: x }; ${body})`),
      fc.array(one, { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
      object.map((fields) => `{ ${fields.join(', ')} }`),
      object.map((fields) => `{ local x = self, a0: $, ${fields.join(', ')} }`.replace('a0: $, ', '')),
    ),
    programs: one.map((text) => `local d = std.extVar('data'), x = 1, y = 'y', f(v) = [v, x]; ${text}`),
  }
})

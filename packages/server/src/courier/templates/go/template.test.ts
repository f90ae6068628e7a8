import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { TemplateError } from './ast.ts'
import { parseGoTemplate } from './template.ts'

/** What Go 1.26 makes of these templates with sprig 3.2.3, by text/template and by html/template. */
interface Recorded {
  data: Record<string, unknown>
  templates: Entry[]
}

interface Entry {
  template: string
  text?: string
  html?: string
  fails?: true
  failsInHtml?: true
}

const path = new URL('../../../../test/go-templates.json', import.meta.url)
const { data, templates }: Recorded = JSON.parse(readFileSync(path, 'utf8'))
const run = (main: string, html = false, more: object = {}) =>
  parseGoTemplate({ main }, { html }).execute({ ...data, ExpiresInMinutes: 15n, ...more }, 1_700_000_000_000)

const kinds = [
  { name: 'text/template', html: false, result: ({ text, fails }: Entry) => ({ text, fails }) },
  { name: 'html/template', html: true, result: ({ html, failsInHtml }: Entry) => ({ text: html, fails: failsInHtml }) },
]

describe.each(kinds)('as in $name', ({ html, result }) => {
  test.each(templates)('$template', (entry) => {
    const { text, fails } = result(entry)
    if (fails) expect(() => run(entry.template, html)).toThrow(TemplateError)
    else expect(run(entry.template, html)).toBe(text)
  })
})

test.each([
  ['{{ now | date "2006-01-02 15:04" }}', '2023-11-14 22:13'],
  ['{{ date "02.01.2006" now }} {{ now | htmlDate }} {{ now | unixEpoch }}', '14.11.2023 2023-11-14 1700000000'],
  ['{{ dateInZone "15:04 -0700" now "Asia/Kolkata" }}', '03:43 +0530'],
  ['{{ ago (toDate "2006-01-02T15:04:05Z" "2023-11-14T21:13:20Z") }}', '1h0m0s'],
])('%s is at the time of the message', (template, text) => expect(run(template)).toBe(text))

test('what Kratos would fail with is left out where only some data lacks it', () => {
  expect(run('[{{ .To.X }}] [{{ .Identity.traits.name.first }}]')).toBe('[<no value>] [<no value>]')
  expect(run('[{{ .To.X }}]', true)).toBe('[]')
})

test('members of prototypes are no data', () => {
  expect(run('[{{ .Identity.constructor }}{{ .Identity.__proto__ }}{{ .To.length }}]', true)).toBe('[]')
  run('{{ set .Identity "__proto__" (dict "admin" true) }}{{ set .Identity.traits "lang" "xx" }}')
  expect(run('{{ .Identity.traits.lang }}')).toBe('de')
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
})

test.each(['env', 'expandenv', 'genPrivateKey', 'getHostByName', 'bcrypt', 'randAlphaNum', 'call', 'constructor'])(
  'there is no function %s',
  (name) => expect(() => run(`{{ ${name} "HOME" }}`)).toThrow(`the function ${name} is not supported`),
)

describe('a template that does too much', () => {
  const loop = (body: string) => `{{ range until 10000 }}${body}{{ end }}`
  const big = 'x'.repeat(900_000)
  const wide = Array.from({ length: 10_000 }, (_, at) => `item ${at}`)
  test.each([
    ['loops in each other', loop(loop('{{ add 1 2 }}'))],
    ['a template that calls itself', '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}'],
    ['templates that double', '{{ define "a" }}{{ template "a" . }}{{ template "a" . }}{{ end }}{{ template "a" . }}'],
    ['a text that doubles', `{{ $x := "0123456789" }}${loop('{{ $x = print $x $x }}')}`],
    ['a long repetition', '{{ repeat 1000000000 "x" }}'],
    ['repetitions', loop('{{ $x := repeat 100000 "x" }}')],
    ['a long list', '{{ until 1000000000 }}'],
    ['a long count', '{{ range 1000000000 }}{{ end }}'],
    ['a list that grows', `{{ $l := list }}${loop('{{ $l = append $l 1 }}')}`],
    ['much output', loop('0123456789'.repeat(100))],
    ['wide padding', loop('{{ printf "%1000d" 1 }}')],
    ['indentation', '{{ indent 100000000 "a\nb" }}'],
    ['long data in a filter', `<style>${loop('{{ .big }}')}</style>`],
    ['long data in functions', loop('{{ $x := .big | upper | title | wrap 1 }}')],
    ['wide data in functions', loop('{{ $x := has "none" .wide }}{{ $y := uniq .wide }}')],
    ['wide data as JSON', loop('{{ $x := toJson .wide }}')],
    ['words without spaces', loop('{{ $x := wrapWith 1 "" .big }}{{ $y := snakecase .big }}')],
  ])('ends within limits: %s', (_what, template) => {
    const begun = performance.now()
    expect(() => run(template, true, { big, wide })).toThrow(TemplateError)
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  test('is refused when it is read, if it is too large or too deep', () => {
    expect(() => run('x'.repeat(300_000))).toThrow('more than')
    expect(() => run(`${'{{ if true }}'.repeat(500)}${'{{ end }}'.repeat(500)}`)).toThrow('too many constructs')
    expect(() => run(`{{ if true }}${'{{ else if true }}'.repeat(500)}{{ end }}`)).toThrow('too many constructs')
    expect(() => run(`{{ ${'('.repeat(500)}1${')'.repeat(500)} }}`)).toThrow('parentheses')
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { executeTemplate, type GoTemplate, parseTemplate, TemplateError, type TemplateField } from './index.ts'

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

const path = new URL('../../../test/go-templates.json', import.meta.url)
const { data, templates }: Recorded = JSON.parse(readFileSync(path, 'utf8'))
const fields = Object.entries(data).map(([name, value]): TemplateField => {
  const type = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'integer' : 'object'
  return { name, json: name, type }
})
const date = 1_700_000_000_000
const templateOf = (text: string, html: boolean): GoTemplate => ({
  html,
  main: 'main',
  files: [{ name: 'main', text }],
  fields,
})
const run = (text: string, { html = false, more = {} } = {}) =>
  executeTemplate(templateOf(text, html), { ...data, ...more }, { owner: 'a', date })
const parse = (text: string, html = false) => parseTemplate(templateOf(text, html))

const kinds = [
  { name: 'text/template', html: false, result: ({ text, fails }: Entry) => ({ text, fails }) },
  { name: 'html/template', html: true, result: ({ html, failsInHtml }: Entry) => ({ text: html, fails: failsInHtml }) },
]

describe.each(kinds)('as in $name', ({ html, result }) => {
  test.each(templates)('$template', async (entry) => {
    const { text, fails } = result(entry)
    if (fails) await expect(run(entry.template, { html })).rejects.toThrow(TemplateError)
    else expect(await run(entry.template, { html })).toBe(text)
  })
})

test.each([
  ['{{ now | date "2006-01-02 15:04" }}', '2023-11-14 22:13'],
  ['{{ date "02.01.2006" now }} {{ now | htmlDate }} {{ now | unixEpoch }}', '14.11.2023 2023-11-14 1700000000'],
  ['{{ dateInZone "15:04 -0700" now "Asia/Kolkata" }}', '03:43 +0530'],
  ['{{ ago (toDate "2006-01-02T15:04:05Z" "2023-11-14T21:13:20Z") }}', '1h0m0s'],
])('%s is at the date of the message', async (template, text) => expect(await run(template)).toBe(text))

test.each([
  ['{{ regexReplaceAll "[^a-z]+" .To "-" }}', /^a-b-harbour-example$/],
  ['{{ randAlphaNum 12 }}', /^[A-Za-z0-9]{12}$/],
  ['{{ randBytes 100000 | len }}', /^133336$/],
  ['{{ uuidv4 }}', /^[0-9a-f-]{36}$/],
  ['{{ genPrivateKey "ed25519" }}', /BEGIN PRIVATE KEY/],
  ['{{ bcrypt "secret" }}', /^\$2a\$10\$/],
  ['{{ encryptAES "key" "text" | decryptAES "key" }}', /^text$/],
  ['{{ semverCompare "^1.2.0" "1.2.3" }}', /^true$/],
  ['{{ (urlParse "https://harbour.example/x").host }}', /^harbour\.example$/],
])('has all functions of sprig that need nothing but their arguments: %s', async (template, expected) => {
  await expect(parse(template)).resolves.toBeUndefined()
  expect(await run(template)).toMatch(expected)
})

test('random values differ from one execution to the next', async () => {
  const values = await Promise.all(Array.from({ length: 5 }, () => run('{{ randAlphaNum 20 }}')))
  expect(new Set(values).size).toBe(5)
})

test.each(['env', 'expandenv', 'getHostByName', 'call2', 'constructor'])('there is no function %s', async (name) => {
  await expect(parse(`{{ ${name} "HOME" }}`)).rejects.toThrow(`main:1: function "${name}" not defined`)
})

describe('refuses when it is parsed, with the line', () => {
  const field = 'messages of this kind have no field'
  test.each([
    ['{{ .RecoveryCod }}', field],
    ['{{ if .To }}{{ $.Nothing }}{{ end }}', field],
    ['{{ with .To }}{{ . }}{{ else }}{{ .Toto }}{{ end }}', field],
    ['{{ range .Identity.traits.tags }}{{ $.Toto }}{{ end }}', field],
    ['{{ print (upper .Tu) }}', field],
    ['{{ define "x" }}{{ .Tu }}{{ end }}{{ template "x" . }}', field],
    ['{{ template "none" }}', 'no such template "none"'],
    ['{{ if .To }}{{ template "none" }}{{ end }}', 'no such template "none"'],
    ['{{ nothing .To }}', 'function "nothing" not defined'],
    ['{{ $x }}', 'undefined variable'],
    ['{{ if .To }}x', 'unexpected EOF'],
    ['{{ .To', 'unclosed action'],
    ['{{/* x }}', 'unclosed comment'],
  ])('%s', async (template, why) => {
    for (const html of [false, true]) {
      const failure = await parse(`one\n${template}`, html).catch((error: Error) => error)
      expect(failure).toBeInstanceOf(TemplateError)
      expect((failure as Error).message).toContain(why)
      expect((failure as Error).message).toContain('main:2')
    }
  })

  test('HTML that cannot be escaped in one way', async () => {
    await expect(parse('<a {{ if .To }}href="{{ end }}{{ .To }}">', true)).rejects.toThrow('html/template:main')
    await expect(parse('<a {{ if .To }}href="{{ end }}{{ .To }}">')).resolves.toBeUndefined()
  })

  test('nothing that depends on the data, and executes nothing', async () => {
    const template =
      '{{ with .Identity.traits }}{{ .unknown }}{{ end }}{{ range .Identity }}{{ .x }}{{ end }}{{ fail "no" }}'
    for (const html of [false, true]) await expect(parse(template, html)).resolves.toBeUndefined()
  })
})

test('a template calls the files beside it, of which later ones replace definitions of earlier ones', async () => {
  const files = [
    { name: 'body.de.gotmpl', text: 'Hallo {{ template "name" . }}{{ define "name" }}{{ .To }}{{ end }}' },
    { name: 'body.gotmpl', text: '{{ if true }}{{ template "body.de.gotmpl" . }}{{ end }}' },
    { name: 'body.name.gotmpl', text: '{{ define "name" }}<{{ .To }}>{{ end }}' },
  ]
  const template = { html: false, main: 'body.gotmpl', files, fields }
  await expect(parseTemplate(template)).resolves.toBeUndefined()
  expect(await executeTemplate(template, data, { owner: 'a' })).toBe('Hallo <a+b@harbour.example>')
})

test('keeps nothing of an execution for the next', async () => {
  const template = '{{ set .Identity.traits "lang" "xx" }}'
  await run(template)
  expect(await run('{{ .Identity.traits.lang }}')).toBe('de')
})

describe('a template that does too much fails, and the next one is as fast as before', () => {
  const loop = (body: string) => `{{ range until 10000 }}${body}{{ end }}`
  const big = 'x'.repeat(900_000)
  test.each([
    ['a loop without end', '{{ range 9223372036854775807 }}{{ end }}', /took longer than 1000 ms/],
    ['loops in each other', loop(loop('{{ add 1 2 }}')), /took longer/],
    [
      'a template that calls itself',
      '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
      /depth|longer/,
    ],
    ['source that is nested too deep', `{{ ${'('.repeat(100_000)}`, /./],
    ['a text that doubles', `{{ $x := "0123456789" }}${loop('{{ $x = print $x $x }}')}`, /too much memory|longer/],
    ['a text of 100 MB', '{{ repeat 100000000 "x" }}', /too much memory|output is larger/],
    ['a long list', '{{ until 1000000000 }}', /too much memory|longer/],
    ['much output', loop('0123456789'.repeat(100)), /the output is larger than 1048576 bytes/],
    ['long data, repeatedly', loop('{{ $x := $.To | upper | title | wrap 1 }}'), /longer|memory/],
    ['a slow key', '{{ genPrivateKey "rsa" }}{{ genPrivateKey "rsa" }}{{ genPrivateKey "rsa" }}', /longer/],
  ])('%s', async (_what, template, why) => {
    // Both threads are ready afterwards: the second one is started by the first evaluation after a failure.
    await run('warm')
    const failure = await run(template, { more: { To: big } }).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(TemplateError)
    expect((failure as Error).message).toMatch(why)
    expect(await run('{{ .To }}')).toBe(data.To)
  })

  test('without a delay', async () => {
    const timed = async () => {
      const begun = performance.now()
      await run('{{ .To }}')
      return performance.now() - begun
    }
    await timed()
    const before = Math.max(...[await timed(), await timed(), await timed()])
    await expect(run('{{ range 9223372036854775807 }}{{ end }}')).rejects.toThrow('took longer')
    // A thread that would have to be started first takes many times as long.
    expect(await timed()).toBeLessThan(before * 10 + 100)
  })
})

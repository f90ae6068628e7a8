import { describe, expect, test } from 'vitest'
import { parseTemplate, TemplateError } from './gotemplate.ts'

const data = {
  to: 'reader+x@harbour.example',
  recovery_code: '402118',
  recovery_url: 'https://harbour.example/?a=1&b=2',
  identity: { traits: { name: 'Tom & "Ann" <x>', lang: 'de', age: 7 } },
  expires_in_minutes: 15,
}
const text = (main: string) => parseTemplate({ main }, { html: false })(data, 0)
const html = (main: string) => parseTemplate({ main }, { html: true })(data, 0)

test('fields have the names of Kratos', () => {
  expect(text('{{ .RecoveryCode }} {{ .Identity.traits.name }} {{ .VerificationCode }}')).toBe(
    '402118 Tom & "Ann" <x> <no value>',
  )
  expect(text('{{ .ExpiresInMinutes }} {{ div .ExpiresInMinutes 5 }} {{ printf "%d" .ExpiresInMinutes }}')).toBe(
    '15 3 15',
  )
})

test('values are escaped for their place in HTML, the template is not', () => {
  expect(html('<a href="https://x.example/?email={{ .To }}">{{ .Identity.traits.name }}</a>')).toBe(
    '<a href="https://x.example/?email=reader%2bx%40harbour.example">Tom &amp; &#34;Ann&#34; &lt;x&gt;</a>',
  )
})

test('a template may call the files beside it', () => {
  const main = '{{ if eq .Identity.traits.lang "de" }}{{ template "body.de.gotmpl" . }}{{ else }}Hello{{ end }}'
  const others = new Map([
    ['body.de.gotmpl', 'Hallo {{ template "name" .Identity.traits }}{{ define "name" }}<{{ .name }}>{{ end }}'],
  ])
  expect(parseTemplate({ main, others }, { html: false })(data, 0)).toBe('Hallo <Tom & "Ann" <x>>')
})

describe('what cannot work is refused when it is read, with the line', () => {
  test.each([
    ['{{ .RecoveryCod }}', 'no such field'],
    ['{{ if .To }}{{ $.Nothing }}{{ end }}', 'no such field'],
    ['{{ with .To }}{{ . }}{{ else }}{{ .Toto }}{{ end }}', 'no such field'],
    ['{{ print (upper .Tu) }}', 'no such field'],
    ['{{ template "none" }}', 'no such template'],
    ['{{ if .To }}{{ template "none" }}{{ end }}', 'no such template'],
    ['{{ nothing .To }}', 'the function nothing is not supported'],
    ['{{ replace "a" .To }}', 'needs more arguments'],
    ['{{ $x }}', 'not declared'],
    ['{{ if .To }}{{ $x := 1 }}{{ end }}{{ $x }}', 'not declared'],
    ['{{ if .To }}x', 'without {{ end }}'],
    ['{{ end }}', 'without a beginning'],
    ['{{ .To', 'unclosed'],
    ['{{ "x\\q" }}', 'does not exist'],
    ['{{ .To ~ }}', 'no part of an action'],
    ['{{/* x }}', 'unclosed'],
    ['{{}}', 'a value is missing'],
    ['{{ break }}', 'outside of'],
    ['{{ if .To }}{{ define "x" }}{{ end }}{{ end }}', 'inside of another'],
  ])('%s', (main, why) => {
    const parse = () => parseTemplate({ main: `one\ntwo ${main}` }, { html: false })
    expect(parse).toThrow(TemplateError)
    expect(parse).toThrow(why)
    expect(parse).toThrow('line 2')
  })
})

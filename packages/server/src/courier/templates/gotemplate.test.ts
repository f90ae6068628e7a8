import { describe, expect, test } from 'vitest'
import { parseTemplate, TemplateError } from './gotemplate.ts'

const data = {
  to: 'reader@harbour.example',
  recovery_code: '402118',
  recovery_url: 'https://harbour.example/?a=1&b=2',
  identity: { traits: { name: 'Tom & "Ann" <x>', tags: ['a'], age: 7, site: 'javascript:alert(1)' } },
  expires_in_minutes: 15,
}
const text = (source: string) => parseTemplate(source, { html: false })(data)
const html = (source: string) => parseTemplate(source, { html: true })(data)

test.each([
  ['{{ .RecoveryCode }}', '402118'],
  ['{{.RecoveryCode}} in {{ .ExpiresInMinutes }} min', '402118 in 15 min'],
  ['Hi {{ .Identity.traits.name }}!', 'Hi Tom & "Ann" <x>!'],
  ['{{ .Identity.traits.age }}/{{ .Identity.traits.tags }}', '7/["a"]'],
  ['[{{ .Identity.traits.none.deeper }}{{ .VerificationCode }}]', '[]'],
  ['[{{ .Identity.constructor }}{{ .Identity.traits.name.length }}]', '[]'],
  ['a {{/* a note */}}b', 'a b'],
  ['a  {{- .ExpiresInMinutes -}}  b', 'a15b'],
  ['a\n{{- /* gone */ -}}\n b', 'ab'],
  ['no actions } } { {', 'no actions } } { {'],
  ['', ''],
])('%j', (source, result) => {
  expect(text(source)).toBe(result)
})

test('values are escaped in HTML, the template is not', () => {
  expect(html('<p title="{{ .Identity.traits.name }}">{{ .Identity.traits.name }}</p>')).toBe(
    '<p title="Tom &amp; &quot;Ann&quot; &lt;x&gt;">Tom &amp; &quot;Ann&quot; &lt;x&gt;</p>',
  )
})

test('an address in a link runs no script', () => {
  expect(html('<a href="{{ .RecoveryURL }}">')).toBe('<a href="https://harbour.example/?a=1&amp;b=2">')
  expect(html("<a href = '{{ .Identity.traits.site }}'>")).toBe("<a href = '#'>")
  expect(html('<p>{{ .Identity.traits.site }}</p>')).toBe('<p>javascript:alert(1)</p>')
})

describe('anything else is refused when it is read', () => {
  test.each([
    '{{ if .RecoveryCode }}x{{ end }}',
    '{{ range .Identity }}{{ end }}',
    '{{ .RecoveryCode | upper }}',
    '{{ printf "%s" .To }}',
    '{{ define "x" }}{{ end }}',
    '{{ $x := .To }}',
    '{{ . }}',
    '{{ "text" }}',
    '{{}}',
    '{{ .To',
  ])('%s', (source) => {
    expect(() => parseTemplate(`one\ntwo ${source}`, { html: false })).toThrow(TemplateError)
    expect(() => parseTemplate(`one\ntwo ${source}`, { html: false })).toThrow('line 2')
  })

  test('a template without end', () => {
    expect(() => parseTemplate('x'.repeat(300_000), { html: false })).toThrow('more than')
  })
})

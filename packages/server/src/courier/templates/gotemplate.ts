import { escapeHtml, safeUrl } from './escape.ts'
import type { Template } from './types.ts'

/** A template that cannot be used; the message names the part and the line. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}

const maxTemplateBytes = 256 * 1024

/**
 * Parses the subset of Go's template syntax that only looks up values: `{{ .RecoveryCode }}`, `{{
 * .Identity.traits.email }}`, comments and trim markers. Conditions, loops and functions throw TemplateError at load
 * time rather than when a message is sent. In HTML, values are escaped and URLs in links are restricted to http(s),
 * mailto and tel.
 */
export function parseTemplate(source: string, { html }: { html: boolean }): Template {
  if (Buffer.byteLength(source) > maxTemplateBytes) throw new TemplateError(`more than ${maxTemplateBytes} bytes`)
  const parts = split(source).map((part) => {
    if (typeof part === 'string') return () => part
    const { path, before } = part
    const inLink = /\b(?:href|src|action)\s*=\s*["']?\s*$/i.test(before)
    return (data: object) => {
      const value = lookUp(data, path)
      return html ? escapeHtml(inLink ? safeUrl(value) : value) : value
    }
  })
  return (data) => parts.map((part) => part(data)).join('')
}

interface LookUp {
  path: string[]
  /** The text before it, which determines the HTML context. */
  before: string
}

function split(source: string): (string | LookUp)[] {
  const parts: (string | LookUp)[] = []
  let text = ''
  let rest = source
  for (let start = rest.indexOf('{{'); start >= 0; start = rest.indexOf('{{')) {
    const end = rest.indexOf('}}', start)
    const line = source.slice(0, source.length - rest.length + start).split('\n').length
    if (end < 0) throw new TemplateError(`an unclosed action on line ${line}`)
    const action = rest.slice(start + 2, end)
    text += rest.slice(0, start)
    rest = rest.slice(end + 2)
    if (/^-\s/.test(action)) text = text.trimEnd()
    if (/\s-$/.test(action)) rest = rest.trimStart()
    const path = pathOf(action, line)
    if (!path) continue
    parts.push(text, { path, before: text.slice(-200) })
    text = ''
  }
  return [...parts, text + rest]
}

/** The field path of an action; empty for a comment. */
function pathOf(action: string, line: number): string[] | undefined {
  const inner = action
    .replace(/^-(?=\s)/, '')
    .replace(/\s-$/, '')
    .trim()
  if (/^\/\*[\s\S]*\*\/$/.test(inner)) return undefined
  if (!/^(\.[A-Za-z_]\w*)+$/.test(inner)) {
    const shown = inner.length > 40 ? `${inner.slice(0, 40)}…` : inner
    throw new TemplateError(
      `{{ ${shown} }} on line ${line}; only field references such as {{ .Identity.traits.email }} are supported`,
    )
  }
  return inner.slice(1).split('.')
}

/** Maps Go's top-level field names to ours. Nested names are the same as in JSON. */
const fields: Record<string, string> = {
  To: 'to',
  RecoveryCode: 'recovery_code',
  RecoveryURL: 'recovery_url',
  VerificationCode: 'verification_code',
  VerificationURL: 'verification_url',
  LoginCode: 'login_code',
  RegistrationCode: 'registration_code',
  Identity: 'identity',
  Traits: 'traits',
  RequestURL: 'request_url',
  RequestURLDomain: 'request_url_domain',
  TransientPayload: 'transient_payload',
  ExpiresInMinutes: 'expires_in_minutes',
}

function lookUp(data: object, [first = '', ...rest]: string[]): string {
  let value: unknown = data
  for (const name of [fields[first] ?? first, ...rest]) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return ''
    value = (value as Record<string, unknown>)[name]
  }
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

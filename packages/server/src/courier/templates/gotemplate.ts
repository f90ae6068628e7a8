import { TemplateError } from './go/ast.ts'
import { unknownField } from './go/check.ts'
import { parseGoTemplate, type TemplateFiles } from './go/template.ts'
import type { Template } from './types.ts'

export { TemplateError } from './go/ast.ts'

/** Maps Go's top-level field names to ours. Nested names are the same as in JSON. */
const fields: ReadonlyMap<string, string> = new Map(
  Object.entries({
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
  }),
)

/**
 * Parses a template of a message, as Kratos does: Go's text/template, or html/template for HTML, with the functions of
 * sprig. Whatever cannot work throws TemplateError, with the line. See docs/decisions/0041-mail-templates.md.
 */
export function parseTemplate(files: TemplateFiles, how: { html: boolean }): Template {
  const { execute, body } = parseGoTemplate(files, how)
  const unknown = unknownField(body, fields)
  if (unknown) throw new TemplateError(`{{ .${unknown.name} }} on line ${unknown.line}: messages have no such field`)
  return (data, now) => execute(goData(data), now)
}

/** The data under Go's names. Only `expires_in_minutes` is an integer there; numbers of JSON are float64. */
function goData(data: object): object {
  const members = new Map(Object.entries(data))
  const named = [...fields].filter(([, ours]) => members.has(ours)).map(([name, ours]) => [name, members.get(ours)])
  const minutes = members.get('expires_in_minutes')
  return { ...Object.fromEntries(named), ...(typeof minutes === 'number' && { ExpiresInMinutes: BigInt(minutes) }) }
}

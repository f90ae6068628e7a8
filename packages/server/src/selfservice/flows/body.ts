import { uiText } from '@latchkey/api'
import type { Call } from '../../kernel/http/index.ts'
import { FlowError } from './flow.ts'

export type Body = Record<string, unknown>

/**
 * The submitted fields: JSON as it is, a form with its dotted names unfolded. Values of a form are text.
 * Throws FlowError 4000001 if the body cannot be read.
 */
export function readBody(call: Call): { body: Body; isForm: boolean } {
  const type = call.contentType
  if (type === 'application/json') return { body: readJson(call.bodyText), isForm: false }
  if (type === 'application/x-www-form-urlencoded') return { body: readForm(call.bodyText), isForm: true }
  throw unreadable('The body must be JSON or a form.')
}

export function unreadable(reason: string): FlowError {
  return new FlowError({ messages: [uiText(4000001, { reason })] })
}

function readJson(text: string): Body {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable('The body is not valid JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('The body is not a JSON object.')
  return value as Body
}

/** Deepest nesting of a dotted name. */
const maxDepth = 16

function readForm(text: string): Body {
  const body: Body = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split('.')
    if (path.length > maxDepth || path.some((part) => part === '__proto__')) continue
    put(body, path, value)
  }
  return body
}

function put(into: Body, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    into[key] = value
    return
  }
  const inner = into[key]
  const next = typeof inner === 'object' && inner !== null ? (inner as Body) : Object.create(null)
  into[key] = next
  put(next, rest, value)
}

/** A field as text; numbers count as what they look like. Empty where it is missing. */
export function textField(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The members of `transient_payload`. Throws FlowError if it is no object. */
export function transientPayload(body: Body): Record<string, unknown> {
  const value = body.transient_payload
  if (value === undefined || value === null || value === '') return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  const actual = Array.isArray(value) ? 'array' : typeof value
  throw new FlowError({
    fields: [
      { field: 'transient_payload', message: uiText(4000026, { actual_type: actual, allowed_types: ['object'] }) },
    ],
  })
}

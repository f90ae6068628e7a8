import { uiText } from '@latchkey/api'
import type { Static, TObject } from 'typebox'
import { isTrue } from '../../kernel/go-boolean.ts'
import { type Call, hasMoreValues, parseJson } from '../../kernel/http/index.ts'
import { FlowError } from './flow.ts'

export type Body = Record<string, unknown>

/**
 * Parses a JSON or form body. A form is a flat object of texts, in which a trait that was given several times is a
 * list; the JSON of a form looks the same, with the traits in an object or by their dotted names. Throws FlowError
 * 4000001 if the body cannot be parsed.
 */
export function parseBody(request: Call): Body {
  const type = request.contentType
  if (request.bodyText === '') throw unparsable('The body is empty.')
  if (type === 'application/json') return parseJsonObject(request.bodyText)
  if (type === 'application/x-www-form-urlencoded') return parseForm(request.bodyText)
  throw unparsable('The body must be JSON or a form.')
}

export function unparsable(reason: string): FlowError {
  return new FlowError({ messages: [uiText(4000001, { reason })], isUnparsable: true })
}

/** More than any form has, and few enough to be handled at once. */
const mostValues = 10_000

function parseJsonObject(text: string): Body {
  if (hasMoreValues(text, mostValues)) throw unparsable(`The body has more than ${mostValues} values.`)
  const value = parseJson(text, unparsable)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unparsable('The body is not a JSON object.')
  return value as Body
}

/** Of several values the last one applies, since a hidden field may precede a checkbox; those of a trait are all kept. */
function parseForm(text: string): Body {
  if (text.split('&', mostValues + 1).length > mostValues)
    throw unparsable(`The body has more than ${mostValues} values.`)
  const body: Body = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = name.startsWith(traitPrefix) ? body[name] : undefined
    if (Array.isArray(earlier)) earlier.push(value)
    else body[name] = earlier === undefined ? value : [earlier, value]
  }
  return body
}

/** How the dotted names of traits begin. */
export const traitPrefix = 'traits.'

/** Returns a field as a string. As in Kratos, other values are converted to JSON. Empty if the field is missing. */
export function textField(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

/** A form gives an object or a list as the text of its JSON. Returns other texts and values unchanged. */
export function structureOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  try {
    return hasMoreValues(value, mostValues) ? value : parseJson(value)
  } catch {
    return value
  }
}

/** Returns `transient_payload`. Throws FlowError if it is not an object. */
export function transientPayload(body: Body): Record<string, unknown> {
  const value = structureOf(body.transient_payload)
  if (value === undefined || value === null || value === '') return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  const actual = Array.isArray(value) ? 'array' : typeof value
  throw new FlowError({
    fields: [
      { field: 'transient_payload', message: uiText(4000026, { actual_type: actual, allowed_types: ['object'] }) },
    ],
  })
}

/** A member of `transient_payload`: a field of a form by its dotted name, or a member of the object in JSON. */
export function payloadField(body: Body, name: string): unknown {
  const field = body[`transient_payload.${name}`]
  if (field !== undefined) return field
  const payload = structureOf(body.transient_payload)
  return typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined
}

/**
 * The members of a body that the API defines. A missing string is empty, a missing boolean is false, and all other
 * values are unchanged.
 */
export type Fields<B> = {
  [K in keyof B]-?: NonNullable<B[K]> extends string ? string : NonNullable<B[K]> extends boolean ? boolean : unknown
}

type Decoder = (body: Body, name: string) => unknown

const decodersOf = new WeakMap<TObject, [string, Decoder][]>()

/** Decodes a body by its API schema. As in Kratos, strings also accept other types, and booleans accept strings. */
export function decodeFields<S extends TObject>(schema: S, body: Body): Fields<Static<S>> {
  let decoders = decodersOf.get(schema)
  if (!decoders) {
    decoders = Object.entries(schema.properties as Record<string, { type?: string }>).map(([name, { type }]) => [
      name,
      type === 'string' ? textField : type === 'boolean' ? flagField : rawField,
    ])
    decodersOf.set(schema, decoders)
  }
  const fields: Record<string, unknown> = {}
  for (const [name, decode] of decoders) fields[name] = decode(body, name)
  return fields as Fields<Static<S>>
}

const rawField: Decoder = (body, name) => body[name]

function flagField(body: Body, name: string): boolean {
  return isTrue(textField(body, name))
}

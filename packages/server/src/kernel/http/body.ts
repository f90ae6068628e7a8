import { ApiError } from '@latchkey/api'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { TSchema } from 'typebox'
import type { Call } from './call.ts'
import { parseFirstJson, parseJson } from './json.ts'

const ajv = new Ajv({ strict: false, allErrors: false })
formats.default(ajv)

/** How a body is parsed and validated. */
export interface BodyStyle {
  /** Whether only `application/json` is accepted. */
  readonly typed: boolean
  /** Whether unknown members are rejected. */
  readonly closed: boolean
  /** Whether data after the first JSON value is ignored. */
  readonly firstValueOnly: boolean
  /** Whether an error has a specific `reason` in addition to the general message, or instead of it (Kratos does both). */
  readonly refuse: (what: string) => ApiError
}

/** Most operations of Kratos: requires the JSON content type, ignores unknown members. */
export const usualBody: BodyStyle = {
  typed: true,
  closed: false,
  firstValueOnly: false,
  refuse: (what) => ApiError.badRequest({ reason: what }),
}

/** The imports of Kratos: any content type, no unknown members. */
export const importBody: BodyStyle = {
  typed: false,
  closed: true,
  firstValueOnly: true,
  refuse: (what) => ApiError.badRequest({ message: what }),
}

/** The admin operations of Hydra: any content type, ignores unknown members and what follows the first value. */
export const hydraBody: BodyStyle = {
  typed: false,
  closed: false,
  firstValueOnly: true,
  refuse: (what) => ApiError.badRequest({ reason: what }),
}

/**
 * Creates a parser of bodies with this schema. As in Go, null equals a missing member, and only types are validated; the
 * handler validates all other constraints, with more specific errors.
 */
export function bodyReader(
  schema: TSchema,
  style: BodyStyle,
): (call: Pick<Call, 'bodyText' | 'contentType'>) => unknown {
  const check = typeChecker(schema, style)
  return (call) => {
    if (style.typed && call.contentType !== 'application/json') {
      throw style.refuse('The body must be JSON with the Content-Type application/json.')
    }
    const value = style.firstValueOnly
      ? parseFirstJson(call.bodyText, style.refuse)
      : parseJson(call.bodyText, style.refuse)
    return check(value)
  }
}

/** Validates the types of an already parsed value, and removes null members, which count as absent. */
export function typeChecker(schema: TSchema, style: Pick<BodyStyle, 'closed' | 'refuse'>): (value: unknown) => unknown {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(typesOf(schema, style.closed))
    if (!validate(value)) throw style.refuse(mistake(validate.errors?.at(-1)))
    return withoutNulls(schema, value)
  }
}

type Node = TSchema & {
  type?: string
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  properties?: Record<string, Node>
  items?: Node
  anyOf?: Node[]
}

/** The type constraints of a schema: every value can be null or missing. */
function typesOf(schema: Node, closed: boolean): object {
  if (schema.anyOf) return { anyOf: schema.anyOf.map((one) => typesOf(one, closed)) }
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(([name, member]) => [name, typesOf(member, closed)])
    return {
      type: ['object', 'null'],
      properties: Object.fromEntries(members),
      ...(closed && { additionalProperties: false }),
    }
  }
  if (isBytes(schema)) return { type: ['string', 'array', 'null'], items: schema.items }
  if (schema.items) return { type: ['array', 'null'], items: typesOf(schema.items, closed) }
  // For Go, an object without known members is any JSON value.
  if (schema.type === undefined || schema.type === 'object') return {}
  if (schema.type === 'null') return { type: 'null' }
  const format = ['uuid', 'date-time'].includes(schema.format ?? '') && { format: schema.format }
  // To Go an empty text is an absent one.
  const pattern = schema.pattern !== undefined && { pattern: `^$|${schema.pattern}` }
  return { type: [schema.type, 'null'], ...format, ...pattern }
}

/** To Go, a list of bytes is also the text of their base64, in which it writes them itself. */
function isBytes({ items }: Node): boolean {
  return items?.minimum === 0 && items.maximum === 255
}

function mistake(error: ErrorObject | undefined): string {
  const place = error?.instancePath ? `at ${error.instancePath.slice(0, 200)}` : 'as a whole'
  const unknown = error?.params.additionalProperty
  if (unknown !== undefined) return `The body has an unknown member ${place}: ${String(unknown).slice(0, 100)}.`
  return `The body is invalid ${place}: it ${error?.message}.`
}

/** Removes null members unless the contract allows null. Modifies the value in place. */
function withoutNulls(schema: Node, value: unknown): unknown {
  if (value === null) return undefined
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    // In a list null is kept, because the position is significant.
    for (const one of value) withoutNulls(items, one)
  } else if (typeof value === 'object' && schema.properties) {
    const members = value as Record<string, unknown>
    for (const [name, member] of Object.entries(schema.properties)) {
      if (members[name] === null && !mayBeNull(member)) delete members[name]
      else if (members[name] !== undefined) withoutNulls(member, members[name])
    }
  }
  return value
}

function mayBeNull({ type, anyOf, properties, items }: Node): boolean {
  return (type === undefined && !properties && !items && !anyOf) || (anyOf?.some((one) => one.type === 'null') ?? false)
}

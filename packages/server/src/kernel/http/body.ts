import { ApiError } from '@latchkey/api'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { TSchema } from 'typebox'
import type { Call } from './call.ts'
import { parseFirstJson, parseJson } from './json.ts'

const ajv = new Ajv({ strict: false, allErrors: false })
formats.default(ajv)

/** How a body is read. */
export interface BodyStyle {
  /** Whether only `application/json` is taken. */
  readonly typed: boolean
  /** Whether members that the contract does not know are refused. */
  readonly closed: boolean
  /** Whether what follows the first JSON value is left unread. */
  readonly firstValueOnly: boolean
  /** Whether a refusal tells its reason beside the general message, or in place of it (both occur in Kratos). */
  readonly refuse: (what: string) => ApiError
}

/** Most operations of Kratos: JSON by its name, unknown members are ignored. */
export const usualBody: BodyStyle = {
  typed: true,
  closed: false,
  firstValueOnly: false,
  refuse: (what) => ApiError.badRequest({ reason: what }),
}

/** The imports of Kratos: whatever the content type says, and nothing unknown. */
export const importBody: BodyStyle = {
  typed: false,
  closed: true,
  firstValueOnly: true,
  refuse: (what) => ApiError.badRequest({ message: what }),
}

/**
 * A reader of bodies of this schema. As in Go, null and a missing member are the same, and only types are looked at:
 * what else the contract asks of a value is for the handler, which can say it better.
 */
export function bodyReader(
  schema: TSchema,
  style: BodyStyle,
): (call: Pick<Call, 'bodyText' | 'contentType'>) => unknown {
  const check = typeChecker(schema, style)
  return (call) => {
    if (style.typed && call.contentType !== 'application/json') {
      throw style.refuse('The body must be JSON and its Content-Type application/json.')
    }
    const value = style.firstValueOnly
      ? parseFirstJson(call.bodyText, style.refuse)
      : parseJson(call.bodyText, style.refuse)
    return check(value)
  }
}

/** Checks the types of a value that is in memory already, and takes out of it what is null and so counts as absent. */
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
  properties?: Record<string, Node>
  items?: Node
  anyOf?: Node[]
}

/** The part of a schema that is about types: everything may be null or missing. */
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
  if (schema.items) return { type: ['array', 'null'], items: typesOf(schema.items, closed) }
  // An object without known members is any JSON value to Go.
  if (schema.type === undefined || schema.type === 'object') return {}
  if (schema.type === 'null') return { type: 'null' }
  const format = ['uuid', 'date-time'].includes(schema.format ?? '') && { format: schema.format }
  // To Go an empty text is an absent one.
  const pattern = schema.pattern !== undefined && { pattern: `^$|${schema.pattern}` }
  return { type: [schema.type, 'null'], ...format, ...pattern }
}

function mistake(error: ErrorObject | undefined): string {
  const place = error?.instancePath ? `at ${error.instancePath.slice(0, 200)}` : 'as a whole'
  const unknown = error?.params.additionalProperty
  if (unknown !== undefined)
    return `The body has a member that is not known ${place}: ${String(unknown).slice(0, 100)}.`
  return `The body is not as expected ${place}: it ${error?.message}.`
}

/** Members that are null are removed where the contract knows no null. The value is changed in place. */
function withoutNulls(schema: Node, value: unknown): unknown {
  if (value === null) return undefined
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    // In a list null keeps its place, which says what it belongs to.
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

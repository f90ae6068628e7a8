import { uiText } from '@latchkey/api'
import { compiledSchema, type TraitField, type TraitNames, violationMessages } from '../../identity/index.ts'
import { isFalse, isTrue } from '../../kernel/go-boolean.ts'
import type { SubmissionContext } from '../method.ts'
import { keysOf, valueAt } from '../ui/traits.ts'
import { type Body, structureOf, transientPayload } from './body.ts'
import { type FieldMessage, FlowError } from './flow.ts'
import { schemaOf } from './identity-schema.ts'

/**
 * Validates the submitted traits against the schema of the flow and adds empty objects.
 * Throws FlowError with all violations and `others`.
 */
export function decodeTraits(
  submission: SubmissionContext,
  others: readonly FieldMessage[] = [],
): Record<string, unknown> {
  const { ctx, flow, body } = submission
  const schema = compiledSchema(ctx, schemaOf(ctx, flow))
  const traits = completeTraits(body, schema, (given) => storeSubmitted(submission, schema, given))
  transientPayload(body)
  const wrong = [...violationMessages(schema.validate(traits)), ...others]
  if (wrong.length > 0) throw new FlowError({ fields: wrong })
  return traits
}

/** Returns the submitted traits without validation, and stores them to show them again after an error. */
export function submittedTraits(submission: SubmissionContext): Record<string, unknown> {
  const { ctx, flow, body } = submission
  const schema = compiledSchema(ctx, schemaOf(ctx, flow))
  const traits = convertedTraits(body, schema)
  storeSubmitted(submission, schema, traits)
  return traits
}

/** Stores traits to show them again after an error. */
export function storeSubmitted(
  { submittedValues }: Pick<SubmissionContext, 'submittedValues'>,
  { fields }: TraitNames,
  traits: Body,
): void {
  for (const { name } of fields) {
    const value = valueAt({ traits }, name)
    if (value !== undefined) submittedValues.set(name, value)
  }
}

/**
 * Returns the submitted traits with the empty objects that the schema defines, because Kratos validates and stores them
 * even without members. `onConverted` receives the traits before these are added.
 * Throws FlowError if a trait that may be a text or an object is given as both: one of them would be lost.
 */
export function completeTraits(
  body: Body,
  schema: TraitNames,
  onConverted: (traits: Body) => void = () => {},
): Record<string, unknown> {
  const byField = fieldEntries(body, schema)
  requireOneShape(byField.map(([name]) => name))
  const traits = joinTraits(body, schema, byField)
  onConverted(traits.root)
  addEmptyObjects(traits, schema.fields)
  return traits.root
}

/**
 * Returns the submitted traits: the object `traits`, and the fields that a form, or JSON in the shape of one, gives by
 * their dotted names. Fields are converted to the type in the schema; empty ones, and unknown ones, are ignored. The
 * object is taken as it is.
 */
export function convertedTraits(body: Body, schema: TraitNames): Record<string, unknown> {
  return joinTraits(body, schema, fieldEntries(body, schema)).root
}

type Entry = readonly [name: string, value: unknown]

function fieldEntries(body: Body, { fields }: TraitNames): Entry[] {
  return fields.flatMap((field) => namedEntry(field.name, convertedField(body[field.name], field)))
}

/** A copy of the object `traits` with the values that are given by their names. */
function joinTraits(body: Body, { structures }: TraitNames, byField: readonly Entry[]): OwnObjects {
  const traits = new OwnObjects(objectOf(structureOf(body.traits)))
  for (const [name, value] of [...structureEntries(body, structures), ...byField]) putAt(traits, name, value)
  return traits
}

function requireOneShape(names: readonly string[]): void {
  const given = new Set(names)
  for (const name of given) {
    const outer = [...name.matchAll(/(?<!\\)\./g)]
      .map(({ index }) => name.slice(0, index))
      .find((one) => given.has(one))
    if (outer === undefined) continue
    const reason = `Both ${outer} and ${name} are given, but only one of them can be stored.`
    throw new FlowError({ messages: [uiText(4000001, { reason })] })
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : {}
}

function namedEntry(name: string, value: unknown): Entry[] {
  return value === undefined ? [] : [[name, value]]
}

/** Objects and lists of objects that a form gives as the text of their JSON, the outer ones first. */
function structureEntries(body: Body, structures: ReadonlySet<string>): Entry[] {
  return [...structures].flatMap((name) => {
    const value = body[name]
    return name === 'traits' || value === undefined || value === '' ? [] : namedEntry(name, structureOf(value))
  })
}

/** Sets the trait with this field name. */
function putAt(traits: OwnObjects, name: string, value: unknown): void {
  const path = keysOf(name)
  const last = path.pop() as string
  let at = traits.root
  for (const key of path.slice(1)) at = traits.member(at, key, objectOf(at[key]))
  at[last] = value
}

/**
 * A copy of nested objects to which members are added. Only the objects on the way to them are copied, because traits
 * of a request can be large.
 */
class OwnObjects {
  readonly root: Body
  readonly #own = new Set<object>()

  constructor(given: Body) {
    this.root = this.#copy(given)
  }

  /** Makes an object a member of another one, as a copy. */
  member(of: Body, key: string, value: Body): Body {
    const own = this.#own.has(value) ? value : this.#copy(value)
    of[key] = own
    return own
  }

  #copy(value: Body): Body {
    const copy = { ...value }
    this.#own.add(copy)
    return copy
  }
}

/** The value of a field; undefined if nothing was filled in. A list has the values of all fields of its name. */
function convertedField(value: unknown, { type, itemType, format }: TraitField): unknown {
  const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== '')
  if (type === 'array') {
    const items = values.flatMap((one) => structureOf(one)).map((one) => convertedValue(one, itemType, undefined))
    return value === undefined || items.length === 0 ? undefined : items
  }
  return values.length === 0 ? undefined : convertedValue(values.at(-1), type, format)
}

/** The decimal numbers that Go's strconv.ParseFloat accepts and browsers send. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** What the input type `datetime-local` of browsers gives. It has no time zone, so that it is taken as UTC. */
const localTime = /^\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/

function convertedValue(value: unknown, type: string | undefined, format: string | undefined): unknown {
  if (typeof value !== 'string') return value
  if (type === 'boolean') return isTrue(value) ? true : isFalse(value) ? false : value
  if (type === 'number' || type === 'integer') {
    const number = decimal.test(value) ? Number(value) : Number.NaN
    return Number.isFinite(number) ? number : value
  }
  const local = format === 'date-time' ? localTime.exec(value) : null
  return local ? `${value}${local[1] ? '' : ':00'}Z` : value
}

function addEmptyObjects(traits: OwnObjects, fields: readonly TraitField[]): void {
  for (const { name } of fields) {
    let at = traits.root
    for (const key of keysOf(name).slice(1, -1)) {
      const inner = at[key] ?? {}
      // A value of another type is kept, because the schema may allow it.
      if (typeof inner !== 'object' || Array.isArray(inner)) break
      at = traits.member(at, key, inner as Body)
    }
  }
}

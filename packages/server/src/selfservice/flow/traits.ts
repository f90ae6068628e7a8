import { compiledSchema, type TraitField, violationMessages } from '../../identity/index.ts'
import { isFalse, isTrue } from '../../kernel/go-boolean.ts'
import type { SubmissionContext } from '../method.ts'
import { valueAt } from '../ui/traits.ts'
import { type Body, transientPayload } from './body.ts'
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
  const traits = withEmptyObjects(submittedTraits(submission), schema.fields)
  transientPayload(body)
  const wrong = [...violationMessages(schema.validate(traits)), ...others]
  if (wrong.length > 0) throw new FlowError({ fields: wrong })
  return traits
}

/** Returns the submitted traits without conversion, and stores them to show them again after an error. */
export function submittedTraits(submission: SubmissionContext): Record<string, unknown> {
  const { ctx, flow, submittedValues } = submission
  const { fields } = compiledSchema(ctx, schemaOf(ctx, flow))
  const traits = convertedTraits(submission, fields)
  for (const { name } of fields) {
    const value = valueAt({ traits }, name)
    if (value !== undefined) submittedValues.set(name, value)
  }
  return traits
}

/** Returns the submitted traits. Strings of a form are converted to the type in the schema, if possible. */
export function convertedTraits(
  { body, isForm }: Pick<SubmissionContext, 'body' | 'isForm'>,
  fields: readonly TraitField[],
): Record<string, unknown> {
  const given = body.traits
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {}
  if (!isForm) return given as Record<string, unknown>
  // Form fields that are not in the schema are ignored, and empty fields are omitted.
  const converted: Body = {}
  for (const { name, type } of fields) {
    const value = valueAt({ traits: given }, name)
    if (typeof value === 'string' && value !== '') putAt(converted, name, convertedValue(value, type))
  }
  return converted
}

/** Sets the trait with this field name. */
function putAt(traits: Body, name: string, value: unknown): void {
  const path = name.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'))
  const last = path.pop() as string
  let at = traits
  for (const key of path.slice(1)) {
    at[key] ??= {}
    at = at[key] as Body
  }
  at[last] = value
}

/** The decimal numbers that Go's strconv.ParseFloat accepts and browsers send. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function convertedValue(value: string, type: TraitField['type']): unknown {
  if (type === 'boolean') return isTrue(value) ? true : isFalse(value) ? false : value
  if ((type === 'number' || type === 'integer') && decimal.test(value)) return Number(value)
  return value
}

/** Adds empty objects that the schema defines, because Kratos validates and stores them even without members. */
export function withEmptyObjects(
  traits: Record<string, unknown>,
  fields: readonly TraitField[],
): Record<string, unknown> {
  const filled = structuredClone(traits)
  for (const { name } of fields) {
    let at: Body = filled
    for (const key of name.split('.').slice(1, -1)) {
      const inner = at[key] ?? {}
      // A value of another type is kept, because the schema may allow it.
      if (typeof inner !== 'object' || Array.isArray(inner)) break
      at[key] = inner
      at = inner as Body
    }
  }
  return filled
}

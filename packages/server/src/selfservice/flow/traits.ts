import { compiledSchema, type TraitField, violationMessages } from '../../identity/index.ts'
import { isFalse, isTrue } from '../../kernel/go-boolean.ts'
import type { SubmissionContext } from '../method.ts'
import { valueAt } from '../ui/traits.ts'
import { type Body, transientPayload } from './body.ts'
import { type FieldMessage, FlowError } from './flow.ts'
import { schemaOf } from './identity-schema.ts'

/**
 * The submitted traits, valid against the flow's schema and with its empty objects.
 * Throws FlowError with all that is wrong with them, and with `others`.
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

/** The submitted traits as they are; they are shown again after a mistake. */
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

/** The submitted traits; the text of a form becomes what the schema says it is, if it looks like it. */
export function convertedTraits(
  { body, isForm }: Pick<SubmissionContext, 'body' | 'isForm'>,
  fields: readonly TraitField[],
): Record<string, unknown> {
  const given = body.traits
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {}
  if (!isForm) return given as Record<string, unknown>
  // Of a form only the fields of the schema are taken; an empty one was left out.
  const converted: Body = {}
  for (const { name, type } of fields) {
    const value = valueAt({ traits: given }, name)
    if (typeof value === 'string' && value !== '') putAt(converted, name, convertedValue(value, type))
  }
  return converted
}

/** Sets the member of traits that a field's name stands for. */
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

/** A number as Go's strconv.ParseFloat reads one, and as browsers send it. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function convertedValue(value: string, type: TraitField['type']): unknown {
  if (type === 'boolean') return isTrue(value) ? true : isFalse(value) ? false : value
  if ((type === 'number' || type === 'integer') && decimal.test(value)) return Number(value)
  return value
}

/** Objects that the schema describes are there even if nothing was filled in, as Kratos validates and stores them. */
export function withEmptyObjects(
  traits: Record<string, unknown>,
  fields: readonly TraitField[],
): Record<string, unknown> {
  const filled = structuredClone(traits)
  for (const { name } of fields) {
    let at: Body = filled
    for (const key of name.split('.').slice(1, -1)) {
      const inner = at[key] ?? {}
      // Where the schema allows something else, that is kept.
      if (typeof inner !== 'object' || Array.isArray(inner)) break
      at[key] = inner
      at = inner as Body
    }
  }
  return filled
}

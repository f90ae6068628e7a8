import { compiledSchema, type TraitField, violationMessages } from '../../identity/index.ts'
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
  const traits = submittedTraits(submission)
  transientPayload(body)
  const wrong = [...violationMessages(schema.validate(traits)), ...others]
  if (wrong.length > 0) throw new FlowError({ fields: wrong })
  return withEmptyObjects(traits, schema.fields)
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
  const converted = structuredClone({ ...(given as Body) })
  for (const { name, type } of fields) {
    const path = name.split('.').slice(1)
    const last = path.pop()
    const parent = path.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Body)[key] : undefined),
      converted,
    )
    if (!last || typeof parent !== 'object' || parent === null) continue
    const holder = parent as Body
    const value = holder[last]
    if (typeof value !== 'string') continue
    if (value === '' && type !== 'string') delete holder[last]
    else holder[last] = convertedValue(value, type)
  }
  return converted
}

function convertedValue(value: string, type: TraitField['type']): unknown {
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  return value
}

/** Objects that the schema describes are there even if nothing was filled in, as Kratos stores them. */
export function withEmptyObjects(
  traits: Record<string, unknown>,
  fields: readonly TraitField[],
): Record<string, unknown> {
  const filled = structuredClone(traits)
  for (const { name } of fields) {
    let at: Body = filled
    for (const key of name.split('.').slice(1, -1)) {
      if (typeof at[key] !== 'object' || at[key] === null) at[key] = {}
      at = at[key] as Body
    }
  }
  return filled
}

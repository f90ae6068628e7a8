import { type UiText, uiText } from '@latchkey/api'
import type { Violation } from './compile.ts'

/** A message for a field of a form. */
export interface FieldMessage {
  /** The dotted name of the field: `traits.name.first`. */
  field: string
  message: UiText
}

/** Converts violations to flow messages, with the IDs and contexts of Kratos. */
export function violationMessages(violations: readonly Violation[]): FieldMessage[] {
  return violations.map((violation) => ({ field: fieldName(violation.instancePath), message: messageOf(violation) }))
}

/** Converts violations to one sentence for the admin API, with the name of the first field and without its value. */
export function violationReason(violations: readonly Violation[]): string {
  const [first] = violations
  if (!first) return 'the traits do not fit their schema'
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  return `${fieldName(first.instancePath) || 'traits'} ${reasonOf(first)}${more}`
}

/** Converts `/traits/name/first` to `traits.name.first`. */
function fieldName(pointer: string): string {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').replaceAll('.', '\\.')).join('.')
}

function messageOf(violation: Violation): UiText {
  const { keyword, params, value } = violation
  const limit = Number(params.limit)
  const actual = Number(value)
  switch (keyword) {
    case 'required':
      return uiText(4000002, { property: String(params.missingProperty) })
    case 'minLength':
      return uiText(4000003, { min_length: limit, actual_length: lengthOf(value) })
    case 'maxLength':
      return uiText(4000017, { max_length: limit, actual_length: lengthOf(value) })
    case 'pattern':
      return uiText(4000004, { pattern: String(params.pattern) })
    case 'minimum':
    case 'exclusiveMinimum':
      return params.comparison === '>'
        ? uiText(4000019, { minimum: limit, actual })
        : uiText(4000018, { minimum: limit, actual })
    case 'maximum':
    case 'exclusiveMaximum':
      return params.comparison === '<'
        ? uiText(4000021, { maximum: limit, actual })
        : uiText(4000020, { maximum: limit, actual })
    case 'multipleOf':
      return uiText(4000022, { base: Number(params.multipleOf), actual })
    case 'maxItems':
      return uiText(4000023, { max_items: limit, actual_items: lengthOf(value) })
    case 'minItems':
      return uiText(4000024, { min_items: limit, actual_items: lengthOf(value) })
    case 'uniqueItems':
      return uiText(4000025, sortedPair(Number(params.i), Number(params.j)))
    case 'type':
      return uiText(4000026, { allowed_types: [params.type].flat().map(String), actual_type: typeName(value) })
    case 'const':
      if (typeof params.allowedValue === 'object') return uiText(4000030)
      return uiText(4000029, { expected: JSON.stringify(params.allowedValue) })
    case 'format':
      return formatMessage(violation)
    default:
      return uiText(4000001, { reason: sentence(reasonOf(violation)) })
  }
}

/** The maximum length of a value in a message. */
const maxShown = 320

function formatMessage(violation: Violation): UiText {
  const value = showValue(violation.value)
  if (violation.params.format === 'email' && value !== '') return uiText(4000040, { value })
  if (violation.params.format === 'tel' && value !== '') return uiText(4000041, { value })
  return uiText(4000001, { reason: sentence(reasonOf(violation)) })
}

function reasonOf({ keyword, params }: Violation): string {
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return `has a property that is not known: ${String(params.additionalProperty).slice(0, 100)}`
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).slice(0, 50).map(showValue).join(', ')}`
    case 'type':
      return `must be of the type ${[params.type].flat().join(' or ')}`
    case 'format':
      return `does not have the format ${params.format}`
    case 'minLength':
    case 'minItems':
      return `is shorter than ${params.limit}`
    case 'maxValues':
      return `has more than ${params.limit} members and items`
    case 'maxLength':
    case 'maxItems':
      return `is longer than ${params.limit}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${params.comparison} ${params.limit}`
    default:
      return `does not meet the rule ${keyword} of its schema`
  }
}

function showValue(value: unknown): string {
  return String(value).slice(0, maxShown)
}

function sentence(reason: string): string {
  return `This value ${reason}.`
}

/** The length in code points, or the number of list items. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : 0
}

function sortedPair(i: number, j: number) {
  return { index_a: Math.min(i, j), index_b: Math.max(i, j) }
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

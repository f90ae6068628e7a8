import { type CelError, type CelInput, celError } from '@bufbuild/cel'

/** Values by name, without a prototype. The value of a missing variable is an error. */
export type Variables = Record<string, CelInput | CelError>

/**
 * Converts a JSON value to CEL. Objects become maps, which have no inherited members. Every number is a double, as CEL
 * defines for JSON, so that a type never depends on a value.
 */
export function inputOf(value: unknown): CelInput {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (Array.isArray(value)) return value.map(inputOf)
  if (typeof value !== 'object') return null
  return new Map(Object.entries(value).map(([key, one]) => [key, inputOf(one)]))
}

const mark = 'no value for the variable '

/** Marks a missing variable. An expression whose result does not depend on it ignores it. */
export function missingValue(name: string): CelError {
  return celError(mark + name)
}

/** The distinct missing variables that an error stems from. */
export function missingIn(error: CelError): string[] {
  const { message, cause } = error
  const own = message.startsWith(mark) ? [message.slice(mark.length)] : []
  const others = Array.isArray(cause) ? cause.flatMap((one: CelError) => missingIn(one)) : []
  return [...new Set([...own, ...others])]
}

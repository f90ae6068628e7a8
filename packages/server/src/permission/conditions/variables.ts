import { type CelError, type CelInput, celError } from '@bufbuild/cel'

/** Values by name, without a prototype. A variable without a value has an error for one. */
export type Variables = Record<string, CelInput | CelError>

/**
 * A value of JSON as the language takes it: objects are maps, which have no inherited members. Every number is a
 * double, as in all of CEL that reads JSON, so that a type never depends on a value.
 */
export function inputOf(value: unknown): CelInput {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (Array.isArray(value)) return value.map(inputOf)
  if (typeof value !== 'object') return null
  return new Map(Object.entries(value).map(([key, one]) => [key, inputOf(one)]))
}

const mark = 'no value for the variable '

/** Stands for a variable without a value. An expression that can be decided without it ignores it. */
export function missingValue(name: string): CelError {
  return celError(mark + name)
}

/** The variables without which an expression could not be decided, each once; where several failed all are told. */
export function missingIn(error: CelError): string[] {
  const { message, cause } = error
  const own = message.startsWith(mark) ? [message.slice(mark.length)] : []
  const others = Array.isArray(cause) ? cause.flatMap((one: CelError) => missingIn(one)) : []
  return [...new Set([...own, ...others])]
}

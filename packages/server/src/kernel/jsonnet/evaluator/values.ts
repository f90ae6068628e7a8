import type { Visibility } from './syntax.ts'

/** A value of Jsonnet. */
export type Value = null | boolean | number | string | Thunk[] | JsonnetObject | JsonnetFunction

/** Evaluates at its first call, and returns the same value at the others. */
export type Thunk = () => Value

export interface Field {
  readonly hide: Visibility
  readonly value: Thunk
}

export class JsonnetObject {
  readonly fields: ReadonlyMap<string, Field>
  /** Whether fields refer to the object itself, and so cannot be taken over by an object that extends it. */
  readonly refersToItself: boolean

  constructor(fields: ReadonlyMap<string, Field>, refersToItself = false) {
    this.fields = fields
    this.refersToItself = refersToItself
  }
}

export class JsonnetFunction {
  /** Undefined for a function of `std`. */
  readonly parameters: readonly string[] | undefined
  readonly call: (args: readonly Thunk[]) => Value

  constructor(parameters: readonly string[] | undefined, call: (args: readonly Thunk[]) => Value) {
    this.parameters = parameters
    this.call = call
  }
}

/** The program needs something, or fails in a way, that only the reference implementation answers exactly. */
export class NotCovered extends Error {}

/** The message of the error by which the body of a request says that none is to be sent, as in Kratos. */
export const cancellation = 'cancel'

/** The program failed with the message `cancellation`. */
export class Cancelled extends Error {}

export function lazy(evaluate: () => Value): Thunk {
  let state: 'new' | 'evaluating' | 'done' = 'new'
  let value: Value = null
  return () => {
    if (state === 'done') return value
    if (state === 'evaluating') throw new NotCovered('a value that needs itself')
    state = 'evaluating'
    value = evaluate()
    state = 'done'
    return value
  }
}

/** The value of parsed JSON. */
export function fromJson(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number') return finite(json)
  if (Array.isArray(json)) return json.map((one: unknown) => lazy(() => fromJson(one)))
  const fields = Object.entries(json as object).map(
    ([name, one]) => [name, { hide: 'inherit', value: lazy(() => fromJson(one)) }] as const,
  )
  return new JsonnetObject(new Map(fields))
}

export function finite(number: number): number {
  if (!Number.isFinite(number)) throw new NotCovered('an overflow')
  return number
}

/** A negative zero is printed with its sign. */
export function isPlainNumber(value: Value): value is number {
  return typeof value === 'number' && !Object.is(value, -0)
}

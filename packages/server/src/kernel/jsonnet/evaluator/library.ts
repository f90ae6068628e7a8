import { minifyJson, textOf } from './json-text.ts'
import { JsonnetFunction, JsonnetObject, NotCovered, type Thunk, type Value } from './values.ts'

/** A function of `std`, with as many arguments as it has to have. */
type Implementation = (...args: Thunk[]) => Value

const implementations: Readonly<Record<string, Implementation>> = {
  length: (value) => lengthOf(value()),
  objectHas: (object, name) => fieldOf(object(), name())?.isVisible ?? false,
  objectHasAll: (object, name) => fieldOf(object(), name()) !== undefined,
  type: (value) => typeOf(value()),
  toString: (value: Thunk) => textOf(value()),
  manifestJsonMinified: (value) => minifyJson(value()),
  isString: (value) => typeof value() === 'string',
  isBoolean: (value) => typeof value() === 'boolean',
  isNumber: (value) => typeof value() === 'number',
  isArray: (value) => Array.isArray(value()),
  isObject: (value) => value() instanceof JsonnetObject,
  startsWith: (value, start) => text(value).startsWith(text(start)),
  endsWith: (value, end) => text(value).endsWith(text(end)),
  asciiLower: (value) => text(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  asciiUpper: (value) => text(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
}

/** `std` with functions that only map data. Any other is not covered. */
export function standardLibrary(variables: ReadonlyMap<string, Thunk>): JsonnetObject {
  const extVar: Implementation = (name) => {
    const variable = variables.get(text(name))
    if (!variable) throw new NotCovered('an external variable that is not defined')
    return variable()
  }
  const known = Object.entries({ ...implementations, extVar }).map(([name, implementation]) => {
    const value = new JsonnetFunction(undefined, (args) => {
      if (args.length !== implementation.length) throw new NotCovered('another number of arguments')
      return implementation(...args)
    })
    return [name, { hide: 'hidden', value: () => value }] as const
  })
  return new JsonnetObject(new Map(known))
}

function text(thunk: Thunk | undefined): string {
  const value = thunk?.()
  if (typeof value !== 'string') throw new NotCovered('an argument that is no string')
  return value
}

function fieldOf(object: Value, name: Value): { isVisible: boolean } | undefined {
  if (!(object instanceof JsonnetObject) || typeof name !== 'string') throw new NotCovered('no object or no name')
  const field = object.fields.get(name)
  return field && { isVisible: field.hide !== 'hidden' }
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return [...value].length
  if (Array.isArray(value)) return value.length
  if (value instanceof JsonnetObject) return [...value.fields.values()].filter(({ hide }) => hide !== 'hidden').length
  throw new NotCovered('a value without a length')
}

function typeOf(value: Value): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value instanceof JsonnetObject) return 'object'
  return value instanceof JsonnetFunction ? 'function' : typeof value
}

import { ApiError } from '@latchkey/api'
import { compiled } from './compile.ts'

/** A condition as it was given, and as it is kept: equal conditions have one text, whatever the order of their keys. */
export interface TupleCondition {
  readonly expression: string
  readonly context?: JsonObject
  readonly text: ConditionText
}

/** JSON of a condition that was read here. It may be kept as text; PostgreSQL's jsonb refuses some of it. */
export type ConditionText = string & { readonly brand: 'ConditionText' }

export type JsonObject = { readonly [key: string]: Json }
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

const longestExpression = 1000
/** Bytes of a context as JSON: of one kept with a tuple, and of one that comes with a question. */
const largestKept = 4096
const largestAsked = 16_384
const deepestContext = 8

/**
 * Reads a relationship's `condition`; absent and null are none.
 * @throws ApiError 400 for anything that could not be evaluated later
 */
export function parseCondition(open: unknown): TupleCondition | undefined {
  if (open === undefined || open === null) return undefined
  if (!isObject(open)) throw refusal('The condition of a relationship must be an object.')
  const unknown = Object.keys(open).find((key) => key !== 'expression' && key !== 'context')
  if (unknown !== undefined) throw refusal(`A condition has no member ${quoted(unknown)}.`)
  const expression = readExpression(own(open, 'expression'))
  const context = readContext(own(open, 'context'), 'The context of a condition', largestKept)
  const kept = context && Object.keys(context).length > 0 ? { expression, context } : { expression }
  // The text was made of what was just read.
  return { ...kept, text: JSON.stringify(kept) as ConditionText }
}

/**
 * Reads the `context` of a question; absent and null are none.
 * @throws ApiError 400 for one that is no object, too large, or sets what the server sets
 */
export function requireContext(value: unknown): JsonObject | undefined {
  return readContext(value, 'The context', largestAsked)
}

/** A kept condition as it is told. */
export function openCondition(stored: string): { expression: string; context?: JsonObject } {
  // Only what `parseCondition` made is kept.
  return JSON.parse(stored) as { expression: string; context?: JsonObject }
}

function readExpression(value: unknown): string {
  if (typeof value !== 'string') throw refusal('The expression of a condition must be a text.')
  if (value.length > longestExpression) {
    throw refusal(`The expression of a condition is at most ${longestExpression} characters long.`)
  }
  const { fault } = compiled(value)
  if (fault !== undefined) throw refusal(`The expression of a condition cannot be used: ${fault}.`)
  return value
}

function readContext(value: unknown, what: string, largest: number): JsonObject | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw refusal(`${what} must be an object.`)
  const context = Object.fromEntries(entriesOf(value, what, deepestContext))
  if (Object.hasOwn(context, 'now')) throw refusal(`${what} must not set "now": that is the time of the server.`)
  if (Buffer.byteLength(JSON.stringify(context)) > largest) throw refusal(`${what} is at most ${largest} bytes long.`)
  return context
}

/** What JSON can say, with keys in one order. */
function readJson(value: unknown, what: string, room: number): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') throw refusal(`${what} must be JSON.`)
  if (room === 0) throw refusal(`${what} is nested at most ${deepestContext} deep.`)
  if (Array.isArray(value)) return value.map((item) => readJson(item, what, room - 1))
  if (!isObject(value)) throw refusal(`${what} must be JSON.`)
  // Made of entries, so that no key has a meaning of its own.
  return Object.fromEntries(entriesOf(value, what, room))
}

function entriesOf(object: Record<string, unknown>, what: string, room: number): [string, Json][] {
  return Object.keys(object)
    .sort()
    .map((key) => [key, readJson(object[key], what, room - 1)])
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 40))
}

function refusal(message: string): ApiError {
  return ApiError.badRequest({ message })
}

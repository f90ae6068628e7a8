import { ApiError } from '@latchkey/api'
import { compileCached } from './compile.ts'

/** A condition with its canonical text: equal conditions have the same text, regardless of key order. */
export interface TupleCondition {
  readonly expression: string
  readonly context?: JsonObject
  readonly text: ConditionText
}

/** The JSON of a validated condition. Stored as text, as PostgreSQL's jsonb rejects some valid JSON. */
export type ConditionText = string & { readonly brand: 'ConditionText' }

export type JsonObject = { readonly [key: string]: Json }
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

const maxExpressionLength = 1000
/** The maximum size of a context as JSON: stored with a tuple, and sent with a request. */
const maxTupleContextBytes = 4096
const maxRequestContextBytes = 16_384
const maxContextDepth = 8

/**
 * Parses the `condition` of a relationship; undefined if it is absent or null.
 * @throws ApiError 400 for a condition that cannot be evaluated
 */
export function parseCondition(open: unknown): TupleCondition | undefined {
  if (open === undefined || open === null) return undefined
  if (!isObject(open)) throw refusal('The condition of a relationship must be an object.')
  const unknown = Object.keys(open).find((key) => key !== 'expression' && key !== 'context')
  if (unknown !== undefined) throw refusal(`A condition has no member ${quote(unknown)}.`)
  const expression = readExpression(ownProperty(open, 'expression'))
  const context = readContext(ownProperty(open, 'context'), 'The context of a condition', maxTupleContextBytes)
  const kept = context && Object.keys(context).length > 0 ? { expression, context } : { expression }
  // The text was produced from validated values.
  return { ...kept, text: JSON.stringify(kept) as ConditionText }
}

/**
 * Parses the `context` of a request; undefined if it is absent or null.
 * @throws ApiError 400 if it is not an object, is too large, or sets a variable reserved for the server
 */
export function requireContext(value: unknown): JsonObject | undefined {
  return readContext(value, 'The context', maxRequestContextBytes)
}

/** Parses a stored condition. */
export function openCondition(stored: string): { expression: string; context?: JsonObject } {
  // Only output of `parseCondition` is stored.
  return JSON.parse(stored) as { expression: string; context?: JsonObject }
}

function readExpression(value: unknown): string {
  if (typeof value !== 'string') throw refusal('The expression of a condition must be a text.')
  if (value.length > maxExpressionLength) {
    throw refusal(`The expression of a condition is at most ${maxExpressionLength} characters long.`)
  }
  const { fault } = compileCached(value)
  if (fault !== undefined) throw refusal(`The expression of a condition cannot be used: ${fault}.`)
  return value
}

function readContext(value: unknown, what: string, largest: number): JsonObject | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw refusal(`${what} must be an object.`)
  const context = Object.fromEntries(entriesOf(value, what, maxContextDepth))
  if (Object.hasOwn(context, 'now')) throw refusal(`${what} must not set "now": that is the time of the server.`)
  if (Buffer.byteLength(JSON.stringify(context)) > largest) throw refusal(`${what} is at most ${largest} bytes long.`)
  return context
}

/** Copies a JSON value with its keys sorted. */
function readJson(value: unknown, what: string, remaining: number): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') throw refusal(`${what} must be JSON.`)
  if (remaining === 0) throw refusal(`${what} is nested at most ${maxContextDepth} deep.`)
  if (Array.isArray(value)) return value.map((item) => readJson(item, what, remaining - 1))
  if (!isObject(value)) throw refusal(`${what} must be JSON.`)
  // Built from entries, so that keys such as `__proto__` have no special meaning.
  return Object.fromEntries(entriesOf(value, what, remaining))
}

function entriesOf(object: Record<string, unknown>, what: string, remaining: number): [string, Json][] {
  return Object.keys(object)
    .sort()
    .map((key) => [key, readJson(object[key], what, remaining - 1)])
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function ownProperty(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function quote(key: string): string {
  return JSON.stringify(key.slice(0, 40))
}

function refusal(message: string): ApiError {
  return ApiError.badRequest({ message })
}

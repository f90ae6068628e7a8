import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import type AjvCore from 'ajv/dist/core.js'
import { Pattern, PatternCostError, PatternError, type StepMeter } from '../../kernel/pattern.ts'
import { formats } from './formats.ts'
import { uniqueItems } from './unique-items.ts'

// The types of the package do not match its CommonJS export under Node's module resolution.
const AjvDraft04 = createRequire(import.meta.url)('ajv-draft-04').default as new (options: object) => AjvCore.default

export type SchemaNode = Record<string, unknown>

/** The keyword in schemas, and the name under which Ajv knows it, because Ajv does not allow dots in keywords. */
const writtenKeyword = 'ory.sh/kratos'
export const extensionKeyword = 'ory:kratos'

const dialects = new Map<string, Dialect>([
  ['http://json-schema.org/draft-04/schema', 'draft-04'],
  ['http://json-schema.org/draft-06/schema', 'draft-07'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['http://json-schema.org/schema', 'draft-07'],
])

/** The draft specified by `$schema`: draft-07 by default, undefined if the draft is not supported. */
export function dialectOf(document: SchemaNode): Dialect | undefined {
  const named = document.$schema
  if (named === undefined) return 'draft-07'
  return typeof named === 'string' ? dialects.get(named.replace(/^https:/, 'http:').replace(/#$/, '')) : undefined
}

export type Dialect = 'draft-04' | 'draft-07'

const grammars = new Map<Dialect, AjvCore.default>()

/** The first violation of the draft's meta-schema in a prepared document; undefined if it is valid. */
export function grammarMistake(dialect: Dialect, prepared: object): string | undefined {
  const grammar = grammars.get(dialect) ?? newAjv(dialect, { code: { optimize: false } })
  grammars.set(dialect, grammar)
  return grammar.validateSchema(prepared) === true ? undefined : grammar.errorsText(grammar.errors, { dataVar: '' })
}

/** Creates a validator per document, so that several documents may have the same `$id`. */
export function createAjv(dialect: Dialect): AjvCore.default {
  const ajv = newAjv(dialect, {
    allErrors: true,
    meta: false,
    validateSchema: false,
    verbose: true,
    passContext: true,
    formats,
    code: { regExp: Object.assign(compilePattern, { code: 'new RegExp' }) },
  })
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword(uniqueItems)
  return ajv
}

function newAjv(dialect: Dialect, options: object): AjvCore.default {
  const common = { strict: false, logger: false as const, ...options }
  return dialect === 'draft-04' ? new AjvDraft04(common) : new Ajv(common)
}

/** The steps of all patterns in one validation; see `kernel/pattern.ts`. */
const stepsPerValidation = 500_000

/** Validation is synchronous, so a single meter is enough. */
const meter: StepMeter = { steps: 0 }

/** Runs a validation with a new allowance for its patterns. */
export function withPatternSteps<T>(validate: () => T): T {
  meter.steps = stepsPerValidation
  return validate()
}

/** Patterns have the syntax of Go, as in Kratos. A text whose comparison takes too many steps does not match. */
function compilePattern(source: string) {
  const pattern = compiledOrRefused(source)
  return {
    test(text: string) {
      try {
        return pattern.test(text, meter)
      } catch (error) {
        if (error instanceof PatternCostError) return false
        throw error
      }
    },
    // Ajv generates one variable for each text.
    toString: () => source,
  }
}

function compiledOrRefused(source: string): Pattern {
  try {
    return Pattern.compile(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new Error(
      `the pattern ${JSON.stringify(source.slice(0, 200))}, which is not one of Go (RE2): ${error.message}`,
    )
  }
}

/** Keywords with subschemas, or lists of them, that apply to the same value. */
export const inPlaceKeys = ['not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf'] as const

const schemaMaps = ['properties', 'patternProperties', 'definitions', '$defs', 'dependencies']
const schemaKeys = [
  ...['items', 'additionalItems', 'additionalProperties', 'contains', 'propertyNames'],
  ...inPlaceKeys,
]

/**
 * Returns a copy that Ajv can compile: the extension keyword is renamed in all subschemas, and the siblings of `$ref`
 * are removed, because they are ignored up to draft-07.
 */
export function prepare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(prepare)
  if (!isNode(schema)) return schema
  if (typeof schema.$ref === 'string') return { $ref: schema.$ref, ...definitionsOf(schema) }
  const prepared: SchemaNode = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema') continue
    if (key === writtenKeyword) prepared[extensionKeyword] = value
    else if (schemaMaps.includes(key) && isNode(value)) prepared[key] = mapValues(value, prepare)
    else prepared[key] = schemaKeys.includes(key) ? prepare(value) : value
  }
  return prepared
}

function definitionsOf(schema: SchemaNode): SchemaNode {
  const kept = Object.entries(schema).filter(([key, value]) => ['definitions', '$defs'].includes(key) && isNode(value))
  return Object.fromEntries(kept.map(([key, value]) => [key, mapValues(value as SchemaNode, prepare)]))
}

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(node: SchemaNode, map: (value: unknown) => unknown): SchemaNode {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)]))
}

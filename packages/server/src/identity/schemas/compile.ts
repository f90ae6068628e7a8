import type { ErrorObject, ValidateFunction } from 'ajv'
import { escapePointer } from '../../kernel/json-value.ts'
import { boundsMistake } from './bounds.ts'
import {
  createAjv,
  dialectOf,
  extensionKeyword,
  grammarMistake,
  isNode,
  prepare,
  type SchemaNode,
  withPatternSteps,
} from './dialect.ts'
import {
  type Extension,
  type Extract,
  extensionMistakes,
  extractMarks,
  type Mark,
  verificationMistake,
} from './extension.ts'
import { listFields, type TraitNames } from './fields.ts'

/** A violation of the identity schema. */
export interface Violation {
  /** JSON pointer of the value, with the missing property for `required`: `/traits/email`. */
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  value: unknown
}

export interface IdentitySchemaValidator extends TraitNames {
  /** Returns the violations; an empty list means that the traits are valid. */
  validate(traits: unknown): Violation[]
  /** Returns the identifiers, addresses, and labels defined by valid traits. */
  extract(traits: unknown): Extract
}

/** An invalid identity schema, with the reasons. */
export class IdentitySchemaError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '))
    this.mistakes = mistakes
  }
}

const compiled = new WeakMap<object, IdentitySchemaValidator>()

/**
 * Compiles an identity schema (JSON Schema draft-04, -06, or -07). The result is cached as long as the document exists.
 * @throws IdentitySchemaError
 */
export function compileIdentitySchema(document: object): IdentitySchemaValidator {
  const existing = compiled.get(document)
  if (existing) return existing
  const made = compile(document as SchemaNode)
  compiled.set(document, made)
  return made
}

/** Returns the errors in a schema document, for the configuration loader; empty if it is valid. */
export function checkIdentitySchema(document: object): readonly string[] {
  try {
    compileIdentitySchema(document)
    return []
  } catch (error) {
    if (error instanceof IdentitySchemaError) return error.mistakes
    throw error
  }
}

interface Collected {
  marks: Mark[]
}

function compile(document: SchemaNode): IdentitySchemaValidator {
  const dialect = dialectOf(document)
  if (!dialect) throw new IdentitySchemaError([`the draft ${JSON.stringify(document.$schema)}, which is not supported`])
  if (!isNode(document.properties) || !isNode(document.properties.traits)) {
    throw new IdentitySchemaError(['no properties.traits'])
  }
  const excess = boundsMistake(document)
  if (excess) throw new IdentitySchemaError([excess])
  const prepared = prepare(document) as object
  const mistake = grammarMistake(dialect, prepared)
  if (mistake) throw new IdentitySchemaError([mistake])
  const ajv = createAjv(dialect)
  const mistakes: string[] = []
  ajv.addKeyword({
    keyword: extensionKeyword,
    compile(value: unknown, parent: SchemaNode) {
      mistakes.push(
        ...extensionMistakes(value),
        ...[verificationMistake(value as Extension, parent.format) ?? []].flat(),
      )
      return function collect(this: unknown, data: unknown, context) {
        const instancePath = context?.instancePath ?? ''
        const mark = { extension: value as Extension, format: parent.format, value: data, instancePath }
        ;(this as Collected).marks.push(mark)
        return true
      }
    },
  })
  const validate = build(() => ajv.compile(prepared))
  if (mistakes.length > 0) throw new IdentitySchemaError(mistakes)
  return validator(validate, document)
}

function build(compile: () => ValidateFunction): ValidateFunction {
  try {
    return compile()
  } catch (error) {
    throw new IdentitySchemaError([(error as Error).message])
  }
}

function validator(check: ValidateFunction, document: SchemaNode): IdentitySchemaValidator {
  const run = (traits: unknown) => {
    const collected: Collected = { marks: [] }
    const valid = withPatternSteps(() => check.call(collected, { traits }))
    const errors = valid ? [] : (check.errors ?? [])
    return { errors, ...extractMarks(collected.marks) }
  }
  return {
    validate(traits) {
      if (hasTooManyValues(traits)) return [{ ...tooManyValues, value: undefined }]
      const { errors, bad } = run(traits)
      return errors.length > 0 ? violations(errors.slice(0, maxErrors)) : bad
    },
    extract: (traits) => run(traits).extract,
    ...listFields(document),
  }
}

/** The maximum number of members and items in traits, since each can give an error, and of the errors that are reported. */
const maxValues = 4096
const maxErrors = 100

const tooManyValues = { instancePath: '/traits', keyword: 'maxValues', params: { limit: maxValues } }

function hasTooManyValues(traits: unknown): boolean {
  let count = 0
  const stack = [traits]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null) continue
    const members = Object.values(value)
    count += members.length
    if (count > maxValues) return true
    for (const member of members) stack.push(member)
  }
  return false
}

/** The order of several violations of one value. */
const order = ['type', 'const', 'enum', 'format', 'not', 'minLength', 'maxLength', 'pattern']
const rank = (violation: Violation) => (order.indexOf(violation.keyword) + order.length + 1) % (order.length + 1)

function violations(errors: readonly ErrorObject[]): Violation[] {
  const mistyped = new Set(errors.filter(({ keyword }) => keyword === 'type').map((error) => error.parentSchema))
  const told = errors
    .filter((error) => error.keyword === 'type' || !mistyped.has(error.parentSchema))
    .filter((error) => !repeatsOthers(error, errors))
    .map(violation)
  const extra = told.filter(({ keyword }) => keyword === 'additionalProperties')
  const single = told.filter((one) => {
    const same = (other: Violation) => other.instancePath === one.instancePath && other.keyword === one.keyword
    return one.keyword !== 'additionalProperties' || extra.find(same) === one
  })
  const paths = [...new Set(single.map(({ instancePath }) => instancePath))]
  return single.sort((a, b) => paths.indexOf(a.instancePath) - paths.indexOf(b.instancePath) || rank(a) - rank(b))
}

/** Whether an error of `if` or a combinator only repeats the errors of its subschemas. */
function repeatsOthers(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword === 'if') return true
  if (!['anyOf', 'oneOf', 'propertyNames', 'contains'].includes(error.keyword)) return false
  return all.some((other) => other !== error && other.schemaPath.startsWith(`${error.schemaPath}/`))
}

function violation(error: ErrorObject): Violation {
  const { keyword, params, data } = error
  if (keyword !== 'required') return { instancePath: error.instancePath, keyword, params, value: data }
  const missing = escapePointer(String(params.missingProperty))
  return { instancePath: `${error.instancePath}/${missing}`, keyword, params, value: undefined }
}

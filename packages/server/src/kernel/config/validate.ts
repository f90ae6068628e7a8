import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'
import { distance } from 'fastest-levenshtein'
import type { Path } from './document.ts'
import { formats } from './formats.ts'
import { type Schema, tagValues } from './walk.ts'

/** A problem without a file: its path, and whether it concerns the key or its value. */
export interface Finding {
  path: Path
  expected: string
  found: string
}

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  verbose: true,
  discriminator: true,
  // Most validators run once, so optimizing their code costs more than it saves.
  code: { optimize: false },
  // The schemas are trusted.
  meta: false,
  validateSchema: false,
})
for (const [name, { check }] of Object.entries(formats)) ajv.addFormat(name, check)

ajv.addKeyword({ keyword: 'entries', type: 'array', errors: 'full', compile: entriesCheck })

const compiled = new WeakMap<object, ValidateFunction>()

/** Validates a value by a schema; an empty list means that it is valid. */
export function findings(schema: object, value: unknown): Finding[] {
  const all = errorsOf(schema, value).map(findingOf)
  const seen = new Set<string>()
  return all.filter((one) => {
    const id = `${one.path.join('.')} ${one.expected}`
    return seen.has(id) ? false : seen.add(id)
  })
}

/** The errors of a value, with those of list entries in place of the error of their list. */
function errorsOf(schema: object, value: unknown): ErrorObject[] {
  const validate = validatorOf(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).flatMap((error) => {
    if (error.keyword === 'entries') return (error.params as { errors: ErrorObject[] }).errors
    return isInsideAlternative(error) ? [] : [error]
  })
}

function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const made = ajv.compile(schema)
  compiled.set(schema, made)
  return made
}

function entriesCheck(entry: object): DataValidateFunction {
  const check: DataValidateFunction = (list: unknown[], context) => {
    const errors = list.flatMap((value, index) => {
      const above = `${context?.instancePath ?? ''}/${index}`
      return errorsOf(entry, value).map((error) => ({ ...error, instancePath: above + error.instancePath }))
    })
    // Ajv changes the errors of a keyword, but not their parameters.
    check.errors = [{ keyword: 'entries', params: { errors } }]
    return errors.length === 0
  }
  return check
}

/** Errors of alternatives are redundant to the error of the union itself; `if` only repeats the error of its branch. */
function isInsideAlternative(error: ErrorObject): boolean {
  return error.keyword === 'if' || /\/(anyOf|not)\//.test(error.schemaPath)
}

function findingOf(error: ErrorObject): Finding {
  const path = pathOf(error)
  if (error.keyword === 'required') {
    return { path, expected: (error.parentSchema as Schema | undefined)?.expected ?? 'a value', found: 'none' }
  }
  if (error.keyword === 'additionalProperties') return { path, ...unknownKey(error) }
  const found = error.keyword === 'discriminator' ? error.params.tagValue : error.data
  return {
    path,
    expected: expectation(error),
    found: describe(found, holdsSecret(path, error.parentSchema as Schema | undefined)),
  }
}

function pathOf(error: ErrorObject): Path {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (error.keyword === 'required') path.push(String(error.params.missingProperty))
  if (error.keyword === 'additionalProperties') path.push(String(error.params.additionalProperty))
  if (error.keyword === 'discriminator') path.push(String(error.params.tag))
  return path.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function unknownKey(error: ErrorObject): { expected: string; found: string } {
  const schema = error.parentSchema as Schema | undefined
  const keys = Object.keys(schema?.properties ?? {})
  const key = String(error.params.additionalProperty)
  if (schema?.patternProperties && schema.expected) return { expected: schema.expected, found: describe(key) }
  const close = keys.map((known) => [distance(known, key), known] as const).sort(([a], [b]) => a - b)[0]
  const expected =
    close && close[0] <= 2 ? `a known key (${close[1]}?)` : keys.length > 0 ? `one of ${list(keys)}` : 'no keys'
  return { expected, found: 'an unknown key' }
}

function expectation(error: ErrorObject): string {
  const schema = error.parentSchema as Schema | undefined
  if (schema?.expected) return schema.expected
  switch (error.keyword) {
    case 'type':
      return typeNames[String(error.params.type)] ?? String(error.params.type)
    case 'enum':
      return `one of ${list(error.params.allowedValues as unknown[])}`
    case 'const':
      return JSON.stringify(error.params.allowedValue)
    case 'discriminator':
      return `one of ${list((schema?.oneOf ?? []).flatMap((branch) => tagValues(branch, String(error.params.tag))))}`
    case 'format':
      return formats[String(error.params.format)]?.expected ?? String(error.params.format)
    case 'minimum':
    case 'maximum':
      return `a number ${error.params.comparison} ${error.params.limit}`
    case 'uniqueItems':
      return 'no duplicate entries'
    case 'minItems':
      return `at least ${error.params.limit} entries`
    default:
      return error.message ?? 'something else'
  }
}

const typeNames: Record<string, string> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
}

const secretMaps = new Set<unknown>(['secrets', 'headers'])
const secretKeys = /secret|password|dsn|connection_uri|private_key|^value$|authorization/

/** Whether the value at a path is a secret: a text whose own key says so, or any in a map of secrets. */
function holdsSecret(path: Path, schema: Schema | undefined): boolean {
  if (path.some((part) => secretMaps.has(part))) return true
  const key = path.findLast((part) => typeof part === 'string')
  const isText = schema?.type === undefined || [schema.type].flat().includes('string')
  return isText && secretKeys.test(String(key))
}

/** Describes the actual value without disclosing secrets. */
function describe(value: unknown, isSecret = false): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (isSecret) return 'a value that is not shown'
  const text = (JSON.stringify(value) ?? 'nothing').replace(/\/\/[^/?#@]*@/g, '//…@')
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

function list(values: readonly unknown[]): string {
  return values.slice(0, 30).map(String).join(', ')
}

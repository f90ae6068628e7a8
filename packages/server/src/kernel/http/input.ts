import { ApiError, type Input, type OperationSpec } from '@latchkey/api'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { TObject, TSchema } from 'typebox'
import type { Call } from './call.ts'
import type { Handler, Route } from './route.ts'

const ajv = new Ajv({ strict: false, allErrors: false, allowUnionTypes: true })
formats.default(ajv)

/** Joins an operation and its handler: decodes and validates the input that the contract declares. */
export function bind<O extends OperationSpec>(operation: O, handler: Handler<O>, csrf: Route['csrf'] = 'ignore'): Route {
  const query = queryDecoder(operation.query)
  // The bodies of self-service submissions are decoded by the flow's method, which knows their shape.
  const body = operation.body && operation.plane !== 'public' ? bodyDecoder(operation.body) : undefined
  return {
    method: operation.method,
    path: operation.path,
    plane: operation.plane,
    csrf,
    handle: (ctx, call) => {
      const input = { params: call.params, query: query(call.search), headers: {}, body: body?.(call.bodyText) }
      return handler(ctx, input as unknown as Input<O>, call)
    },
  }
}

type Decode = (value: string, name: string) => unknown

/** Query parameters as the contract types them; unknown ones are ignored, empty ones count as absent. */
function queryDecoder(schema: TObject | undefined): (search: URLSearchParams) => Record<string, unknown> {
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, TSchema & { type?: string; items?: TSchema }>)
  const decoders = properties.map(([name, { type }]) => [name, type === 'array', decoderOf(type)] as const)
  return (search) => {
    const query: Record<string, unknown> = {}
    for (const [name, many, decode] of decoders) {
      if (!search.has(name)) continue
      if (many) query[name] = search.getAll(name)
      else {
        const value = search.get(name) ?? ''
        if (value !== '') query[name] = decode(value, name)
      }
    }
    return query
  }
}

function decoderOf(type: string | undefined): Decode {
  if (type === 'integer' || type === 'number') return wholeNumber
  if (type === 'boolean') return truth
  return (value) => value
}

const wholeNumber: Decode = (value, name) => {
  if (!/^-?\d{1,18}$/.test(value)) throw ApiError.badRequest({ reason: `The parameter ${name} must be a whole number.` })
  return Number(value)
}

/** As Go's ParseBool reads it; anything else is false. */
const truth: Decode = (value) => ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)

/** Reads JSON and checks it against a schema; what does not fit is a 400 that names the place. */
function bodyDecoder(schema: TSchema): (text: string) => unknown {
  let validate: ValidateFunction | undefined
  return (text) => {
    const value = parseJson(text)
    validate ??= ajv.compile(schema)
    if (!validate(value)) {
      const [problem] = validate.errors ?? []
      throw ApiError.badRequest({ message: `The body is not as expected at ${problem?.instancePath || '/'}: ${problem?.message}.` })
    }
    return value
  }
}

/** Parses a JSON body, or answers 400. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw ApiError.badRequest({ message: 'The body is not valid JSON.' })
  }
}

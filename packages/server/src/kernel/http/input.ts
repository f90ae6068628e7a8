import { ApiError, type OperationSpec, pagingNames } from '@latchkey/api'
import type { TSchema } from 'typebox'
import type { Context } from '../context.ts'
import { isFalse, isTrue } from '../go-boolean.ts'
import { bodyReader, usualBody } from './body.ts'
import type { Call } from './call.ts'
import { plain, type Reply } from './reply.ts'
import type { Received, Room, RoomHandlers, Route, RouteOptions } from './route.ts'

/**
 * The routes of a room by operation. A missing or misspelled handler, or a reply that the operation does not declare, is
 * a compile error. The options apply to every handler without its own.
 */
export function handlers<R extends Room>(
  room: R,
  byId: RoomHandlers<R>,
  defaults: RouteOptions = {},
): { readonly [Id in keyof R]: Route } {
  const routes = Object.entries<OperationSpec>(room).map(([id, operation]) => {
    const given = byId[id as keyof R]
    const { handle, ...options } = typeof given === 'function' ? { handle: given } : given
    return [id, bindRoute(operation, handle as Handle, { ...defaults, ...options })]
  })
  return Object.fromEntries(routes)
}

type Handle = (ctx: Context, input: Received<OperationSpec>, call: Call) => Promise<Reply> | Reply

function bindRoute(operation: OperationSpec, handle: Handle, options: RouteOptions): Route {
  const { method, path, plane, access, errorStyle, listeners } = operation
  const { csrf = 'ignore', body: style, forwarded, changes, ownOrigins } = options
  const query = options.query === 'raw' ? () => ({}) : queryDecoder(operation)
  // The bodies of self-service submissions are decoded by the flow's method, which knows their shape.
  const parsesBody = operation.body && style !== 'raw' && (style !== undefined || plane !== 'public')
  const body = parsesBody ? bodyReader(operation.body, style ?? usualBody) : undefined
  return {
    method,
    path,
    plane,
    access,
    errorStyle,
    listeners,
    csrf,
    forwarded,
    ...(changes !== undefined && { changes }),
    ownOrigins,
    readsText: (operation.body as (TSchema & { type?: string }) | undefined)?.type === 'string',
    handle: (ctx, call) => {
      // A path with an empty parameter does not exist.
      if (operation.params && Object.values(call.params).includes('')) return plain(404, '404 page not found')
      return handle(
        ctx,
        { params: call.params, query: query(call.search), body: body?.(call) } as Received<OperationSpec>,
        call,
      )
    },
  }
}

type Decode = (value: string, name: string) => unknown

/** Decodes query parameters by their types in the contract. Unknown parameters are ignored, empty ones count as absent. */
function queryDecoder({ query: schema, plane }: OperationSpec): (search: URLSearchParams) => Record<string, unknown> {
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, TSchema & { type?: string }>)
  // Listings that know page numbers read their paging themselves, since each has its own leniency.
  const numbered = properties.some(([name]) => name === 'page')
  const decoders = properties
    .filter(([name]) => !(numbered && pagingNames.includes(name)))
    .map(([name, { type }]) => [name, type === 'array', decoderOf(type, plane !== 'public')] as const)
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

function decoderOf(type: string | undefined, strict: boolean): Decode {
  if (type === 'integer' || type === 'number') return wholeNumber
  if (type === 'boolean') return strict ? strictTruth : truth
  return (value) => value
}

const wholeNumber: Decode = (value, name) => {
  if (!/^-?\d{1,18}$/.test(value)) throw ApiError.badRequest({ message: `The parameter ${name} must be an integer.` })
  return Number(value)
}

/** Parses like Go's strconv.ParseBool; invalid values are false. */
const truth: Decode = (value) => isTrue(value)

const strictTruth: Decode = (value, name) => {
  if (!isTrue(value) && !isFalse(value)) {
    throw ApiError.badRequest({ message: `The parameter ${name} must be true or false.` })
  }
  return isTrue(value)
}

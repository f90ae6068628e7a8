import {
  type Answer,
  type AnsweringSpec,
  answeringOf,
  type Input,
  type ListenerName,
  type OperationSpec,
  type StatusOf,
} from '@latchkey/api'
import type { Context } from '../context.ts'
import type { BodyStyle } from './body.ts'
import type { Call } from './call.ts'
import type { EmptyReply, JsonReply, Reply, StreamReply, TextReply } from './reply.ts'

/** A route of a listener: an operation of the contract, or a page. */
export interface Route extends AnsweringSpec {
  readonly method: string
  /** A path template as in the contract, with parameters in braces. */
  readonly path: string
  /** Cross-site POST requests of browsers are rejected unless the route handles anti-CSRF protection itself. */
  readonly csrf: 'set' | 'ignore' | 'off'
  /** False if Kratos's public listener does not redirect the path to the admin listener. */
  readonly forwarded?: false
  /** Whether a GET changes something. A HEAD is then answered without calling the handler (RFC 9110, section 9.2.1). */
  readonly changes?: boolean
  /** Whether the body is text of any media type. */
  readonly readsText?: boolean
  /**
   * Origins of the caller whose pages may read the response beside those of the configuration, if CORS is enabled there;
   * asked only for another origin. Never throws.
   */
  readonly ownOrigins?: (ctx: Context, call: Call) => Promise<readonly string[]> | readonly string[]
  readonly handle: (ctx: Context, call: Call) => Promise<Reply> | Reply
}

/** The routes of a listener of the originals. */
export function routesOf(listener: ListenerName, routes: readonly Route[]): Route[] {
  return routes.filter((route) => answeringOf(route).listeners.includes(listener))
}

/** Options for decoding a request. */
export interface RouteOptions extends Pick<Route, 'forwarded' | 'changes' | 'ownOrigins'> {
  readonly csrf?: Route['csrf']
  /**
   * How the body is parsed. By default bodies of admin operations are parsed as JSON, and those of public operations are
   * not parsed. A `raw` body is parsed by the handler.
   */
  readonly body?: BodyStyle | 'raw'
  /** `raw` parameters are parsed by the handler. */
  readonly query?: 'decoded' | 'raw'
}

/** The decoded input of an operation; a `null` body counts as missing. */
export type Received<O extends OperationSpec> = Pick<Input<O>, 'params' | 'query'> & {
  readonly body: Input<O>['body'] | undefined
}

type DeclaredReply<O extends OperationSpec, Status extends StatusOf<O>> =
  Answer<O, Status> extends undefined ? EmptyReply<Status> : JsonReply<Status, Answer<O, Status>>

/** The replies that an operation can return: JSON of the declared schema, or a form without a schema. */
export type ReplyTo<O extends OperationSpec> =
  | { [Status in StatusOf<O>]: DeclaredReply<O, Status> }[StatusOf<O>]
  | TextReply
  | StreamReply

export type Handler<O extends OperationSpec> = (
  ctx: Context,
  input: Received<O>,
  call: Call,
) => Promise<ReplyTo<O>> | ReplyTo<O>

export type Room = Record<string, OperationSpec>

/** A handler for each operation of a room, optionally with route options. */
export type RoomHandlers<R extends Room> = {
  readonly [Id in keyof R]: Handler<R[Id]> | (RouteOptions & { readonly handle: Handler<R[Id]> })
}

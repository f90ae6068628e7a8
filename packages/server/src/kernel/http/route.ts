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

/** Something that a listener answers: an operation of the contract, or a page. */
export interface Route extends AnsweringSpec {
  readonly method: string
  /** As in the contract, parameters in braces. */
  readonly path: string
  /** Browsers' cross-site posts are refused unless the route looks after that itself. */
  readonly csrf: 'set' | 'ignore' | 'off'
  /** False where Kratos's public listener does not send callers on to the administrators' one. */
  readonly forwarded?: false
  readonly handle: (ctx: Context, call: Call) => Promise<Reply> | Reply
}

/** The routes that one of the originals' listeners serves. */
export function routesOf(listener: ListenerName, routes: readonly Route[]): Route[] {
  return routes.filter((route) => answeringOf(route).listeners.includes(listener))
}

/** How a request reaches a handler. */
export interface RouteOptions extends Pick<Route, 'forwarded'> {
  readonly csrf?: Route['csrf']
  /**
   * How the body is parsed; by default that of an administrators' operation as JSON, and that of a public one not at
   * all. A `raw` body is left to the handler, which takes it from the call.
   */
  readonly body?: BodyStyle | 'raw'
  /** `raw` parameters are left to the handler as well: it receives none. */
  readonly query?: 'decoded' | 'raw'
}

/** The decoded input of an operation; a body that is `null` counts as missing. */
export type Received<O extends OperationSpec> = Pick<Input<O>, 'params' | 'query'> & {
  readonly body: Input<O>['body'] | undefined
}

type DeclaredReply<O extends OperationSpec, Status extends StatusOf<O>> =
  Answer<O, Status> extends undefined ? EmptyReply<Status> : JsonReply<Status, Answer<O, Status>>

/** What an operation may answer: JSON of the declared schema, or one of the forms that no schema describes. */
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

/** One handler for each operation of a room, alone or with options of its route. */
export type RoomHandlers<R extends Room> = {
  readonly [Id in keyof R]: Handler<R[Id]> | (RouteOptions & { readonly handle: Handler<R[Id]> })
}

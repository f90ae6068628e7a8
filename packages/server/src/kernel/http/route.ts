import type { Input, OperationSpec, Plane } from '@latchkey/api'
import type { Context } from '../context.ts'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

/** Something that a listener answers: an operation of the contract, or a page. */
export interface Route {
  readonly method: string
  /** As in the contract, parameters in braces. */
  readonly path: string
  readonly plane: Plane
  /** Browsers' cross-site posts are refused unless the route looks after that itself. */
  readonly csrf: 'set' | 'ignore' | 'off'
  readonly handle: (ctx: Context, call: Call) => Promise<Reply> | Reply
}

export type Handler<O extends OperationSpec> = (ctx: Context, input: Input<O>, call: Call) => Promise<Reply> | Reply

/** One handler for each operation of a room; a missing one is a compile error. */
export type RoomHandlers<Room extends Record<string, OperationSpec>> = { [K in keyof Room]: Handler<Room[K]> }

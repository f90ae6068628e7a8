import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { Context } from '../context.ts'

/** The response stream of a method. */
export interface Stream<Init> {
  /** The address of the client, without its port. */
  readonly peer: string
  write(message: Init): void
  end(): void
  /** Called when the stream has ended, by either side. */
  onEnd(then: () => void): void
}

/** The handler type of each method type; `bidi_streaming` handles each message of a stream. */
export type Handler<M extends DescMethod> = {
  unary: (
    ctx: Context,
    request: MessageShape<M['input']>,
  ) => Promise<MessageInitShape<M['output']>> | MessageInitShape<M['output']>
  server_streaming: (request: MessageShape<M['input']>, stream: Stream<MessageInitShape<M['output']>>) => void
  bidi_streaming: (request: MessageShape<M['input']>) => MessageInitShape<M['output']>
  client_streaming: never
}[M['methodKind']]

/** A service with the handlers of its methods, by their local names. */
export interface Implementation {
  readonly service: DescService
  readonly handlers: Readonly<Record<string, AnyHandler>>
  /** Whether the service requires no token. */
  readonly isOpen: boolean
}

/** A handler with erased message types; the server decodes messages by the service declaration. */
export type AnyHandler = (...args: never[]) => unknown

/** One handler for each method of a service; a missing one is a compile error. */
export function implement<Methods extends Record<string, DescMethod>>(
  service: Omit<DescService, 'method'> & { method: Methods },
  handlers: { [Name in keyof Methods]: Handler<Methods[Name]> },
  { isOpen = false } = {},
): Implementation {
  // For generic methods the compiler cannot infer that every `Handler` is a function.
  return { service: service as DescService, handlers: handlers as Readonly<Record<string, AnyHandler>>, isOpen }
}

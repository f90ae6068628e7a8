import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { Context } from '../context.ts'

/** The answers of a method that streams them. */
export interface Stream<Init> {
  write(message: Init): void
  end(): void
  /** Called when the stream is over, whoever ended it. */
  onEnd(then: () => void): void
}

/** A function for each sort of method: a dialogue (`bidi_streaming`) answers each message of a stream. */
export type Handler<M extends DescMethod> = {
  unary: (
    ctx: Context,
    request: MessageShape<M['input']>,
  ) => Promise<MessageInitShape<M['output']>> | MessageInitShape<M['output']>
  server_streaming: (request: MessageShape<M['input']>, stream: Stream<MessageInitShape<M['output']>>) => void
  bidi_streaming: (request: MessageShape<M['input']>) => MessageInitShape<M['output']>
  client_streaming: never
}[M['methodKind']]

/** A service with the functions that answer its methods, by their local names. */
export interface Implementation {
  readonly service: DescService
  readonly handlers: Readonly<Record<string, AnyHandler>>
  /** Whether it answers without a token. */
  readonly isOpen: boolean
}

/** A handler whose messages only its service knows; the server decodes them by the same declaration. */
export type AnyHandler = (...args: never[]) => unknown

/** One handler for each method of a service; a missing one is a compile error. */
export function implement<Methods extends Record<string, DescMethod>>(
  service: Omit<DescService, 'method'> & { method: Methods },
  handlers: { [Name in keyof Methods]: Handler<Methods[Name]> },
  { isOpen = false } = {},
): Implementation {
  // The compiler does not see that every `Handler` is a function while the methods are not known.
  return { service: service as DescService, handlers: handlers as Readonly<Record<string, AnyHandler>>, isOpen }
}

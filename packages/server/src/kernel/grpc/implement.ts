import type { Context } from '../context.ts'
import type { Init, Method, Methods, Service } from './declare.ts'

/** What a watch is answered through. */
export interface Stream<O> {
  write(message: Init<O>): void
  end(): void
  /** Called when the stream is over, whoever ended it. */
  onEnd(then: () => void): void
}

export type Handler<M> =
  M extends Method<infer I, infer O, infer K>
    ? {
        unary: (ctx: Context, request: I) => Promise<Init<O>> | Init<O>
        watch: (request: I, stream: Stream<O>) => void
        dialogue: (request: I) => Init<O>
      }[K]
    : never

/** A service with the functions that answer its methods. */
export interface Implementation {
  readonly service: Service
  readonly handlers: Readonly<Record<string, AnyHandler>>
  /** Answers everybody, whoever they are. */
  readonly open: boolean
}

/** A handler whose messages are known to its service alone; the server decodes by the same declaration. */
export type AnyHandler = (...given: never[]) => unknown

/** One handler for each method of a service; a missing one is a compile error. */
export function implement<M extends Methods>(
  service: Service<M>,
  handlers: { [K in keyof M]: Handler<M[K]> },
  { open = false } = {},
): Implementation {
  // The compiler does not see that every `Handler` is a function while the methods are not known.
  return { service, handlers: handlers as Readonly<Record<string, AnyHandler>>, open }
}

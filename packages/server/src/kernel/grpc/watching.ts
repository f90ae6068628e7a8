import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js'
import { type ContextLookup, ifLoaded } from '../context-lookup.ts'
import { type Observer, requestId } from '../http/index.ts'
import { headerOf } from './caller.ts'
import { httpStatusOf } from './status.ts'

export interface Watching {
  readonly context: ContextLookup
  /** Told of every answer; must not throw. */
  readonly observers?: readonly Observer[]
  /** How long a caller may take to send its whole request, or to say all that it has to say. */
  readonly requestMs?: number
}

const usualRequestMs = 60_000
/** So long a request may still arrive after closing began. */
const graceMs = 2000

/** Looks at every call from its headers to its status: it must be sent in time, and is counted and logged like HTTP. */
export function watching(options: Watching): { interceptor: ServerInterceptor; stop(): void } {
  const arriving = new Set<WatchedCall>()
  return {
    interceptor: ({ path }, call) => {
      const watched = new WatchedCall(options, { call, path, arriving })
      return new ServerInterceptingCall(call, watched.responder())
    },
    stop() {
      setTimeout(() => {
        for (const call of arriving) call.refuse(status.UNAVAILABLE, 'The server is closing.')
      }, graceMs).unref()
    },
  }
}

interface Of {
  readonly call: ServerInterceptingCallInterface
  readonly path: string
  /** The calls whose requests have not come to their end. */
  readonly arriving: Set<WatchedCall>
}

class WatchedCall {
  readonly #options: Watching
  readonly #of: Of
  readonly #startedAt = performance.now()
  readonly #late: NodeJS.Timeout
  #metadata: Metadata | undefined
  #over = false

  constructor(options: Watching, of: Of) {
    this.#options = options
    this.#of = of
    of.arriving.add(this)
    this.#late = setTimeout(
      () => this.refuse(status.DEADLINE_EXCEEDED, 'The request did not come to its end in time.'),
      options.requestMs ?? usualRequestMs,
    ).unref()
  }

  responder() {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        this.#metadata = metadata
        next(metadata)
      })
      .withOnReceiveHalfClose((next) => {
        this.#arrived()
        next()
      })
      .withOnCancel(() => this.#ended(status.CANCELLED))
      .build()
    return new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendStatus((answer, next) => {
        this.#ended(answer.code)
        next(answer)
      })
      .build()
  }

  refuse(code: status, details: string): void {
    this.#of.call.sendStatus({ code, details })
    this.#ended(code)
  }

  #arrived(): void {
    clearTimeout(this.#late)
    this.#of.arriving.delete(this)
  }

  #ended(code: status): void {
    this.#arrived()
    if (this.#over) return
    this.#over = true
    const { observers } = this.#options
    if (!observers?.length) return
    const { call, path } = this.#of
    const ctx = ifLoaded(this.#options.context(call.getHost()))
    const metadata = this.#metadata
    const header = (name: string) => metadata && headerOf(metadata, name)
    const seen = {
      route: { path },
      call: {
        id: requestId(header('x-request-id')) ?? ctx?.random.uuid() ?? '',
        path,
        ip: call.getConnectionInfo().remoteAddress ?? '',
        header,
      },
      ctx,
      method: 'POST',
      status: httpStatusOf(code),
      durationMs: performance.now() - this.#startedAt,
    }
    for (const observe of observers) observe(seen)
  }
}

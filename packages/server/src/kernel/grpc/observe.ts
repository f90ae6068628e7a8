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
import { headerOf } from './metadata.ts'
import { httpStatusOf } from './status.ts'

export interface ObserveOptions {
  readonly context: ContextLookup
  /** Called for every completed call; must not throw. */
  readonly observers?: readonly Observer[]
  /** The timeout for receiving the complete request. */
  readonly requestMs?: number
}

const defaultRequestMs = 60_000
/** How long incomplete requests are still received after closing has started. */
const graceMs = 2000

/** Observes every call: enforces the timeout for receiving the request, and reports metrics and logs as for HTTP. */
export function observeCalls(options: ObserveOptions): { interceptor: ServerInterceptor; stop(): void } {
  const arriving = new Set<ObservedCall>()
  return {
    interceptor: ({ path }, call) => {
      const observed = new ObservedCall(options, { call, path, arriving })
      return new ServerInterceptingCall(call, observed.responder())
    },
    stop() {
      setTimeout(() => {
        for (const call of arriving) call.refuse(status.UNAVAILABLE, 'The server is shutting down.')
      }, graceMs).unref()
    },
  }
}

interface CallInfo {
  readonly call: ServerInterceptingCallInterface
  readonly path: string
  /** The calls whose requests are incomplete. */
  readonly arriving: Set<ObservedCall>
}

class ObservedCall {
  readonly #options: ObserveOptions
  readonly #of: CallInfo
  readonly #startedAt = performance.now()
  readonly #timeout: NodeJS.Timeout
  #metadata: Metadata | undefined
  #isFinished = false

  constructor(options: ObserveOptions, of: CallInfo) {
    this.#options = options
    this.#of = of
    of.arriving.add(this)
    this.#timeout = setTimeout(
      () => this.refuse(status.DEADLINE_EXCEEDED, 'The request was not received in time.'),
      options.requestMs ?? defaultRequestMs,
    ).unref()
  }

  responder() {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        this.#metadata = metadata
        next(metadata)
      })
      .withOnReceiveHalfClose((next) => {
        this.#completeRequest()
        next()
      })
      .withOnCancel(() => this.#finish(status.CANCELLED))
      .build()
    return new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendStatus((answer, next) => {
        this.#finish(answer.code)
        next(answer)
      })
      .build()
  }

  refuse(code: status, details: string): void {
    this.#of.call.sendStatus({ code, details })
    this.#finish(code)
  }

  #completeRequest(): void {
    clearTimeout(this.#timeout)
    this.#of.arriving.delete(this)
  }

  #finish(code: status): void {
    this.#completeRequest()
    if (this.#isFinished) return
    this.#isFinished = true
    const { observers } = this.#options
    if (!observers?.length) return
    const { call, path } = this.#of
    const ctx = ifLoaded(this.#options.context(call.getHost()))
    const metadata = this.#metadata
    const header = (name: string) => metadata && headerOf(metadata, name)
    const exchange = {
      route: { path },
      call: {
        id: requestId(header('x-request-id')) ?? ctx?.random.uuid() ?? '',
        target: path,
        path,
        ip: call.getConnectionInfo().remoteAddress ?? '',
        header,
      },
      ctx,
      method: 'POST',
      status: httpStatusOf(code),
      durationMs: performance.now() - this.#startedAt,
    }
    for (const observe of observers) observe(exchange)
  }
}

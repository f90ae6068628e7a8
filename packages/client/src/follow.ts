import type { OperationSpec } from '@latchkey/api'
import type { AnyInput, CallOptions, ClientOptions } from './call.ts'
import { LatchkeyError } from './error.ts'
import { readEvents, type ServerEvent } from './events.ts'
import { readBody, toRequest } from './request.ts'

const initialDelayMs = 500
const maxDelayMs = 30_000

/**
 * Iterates over the events of a stream across reconnects. Once the stream has started, a connection that fails, breaks
 * or times out is retried with exponential backoff and resumes after the last event.
 * @throws LatchkeyError for errors that a retry would not fix; the error of `fetch` if the first connection fails
 */
export async function* follow(
  operation: OperationSpec,
  input: AnyInput,
  options: ClientOptions & { signal: CallOptions['signal'] },
): AsyncGenerator<unknown, void, undefined> {
  const { signal } = options
  let last: string | undefined
  for (let failures = 0; ; ) {
    const query = last === undefined ? input.query : { ...input.query, [operation.stream?.after ?? '']: last }
    try {
      for await (const { id, data } of connect(operation, { ...input, query }, options)) {
        failures = 0
        last = id ?? last
        if (data !== undefined) yield JSON.parse(data)
      }
    } catch (error) {
      if (signal?.aborted || last === undefined || isFinal(error)) throw error
    }
    const pauseMs = Math.min(maxDelayMs, initialDelayMs * 2 ** failures++)
    // Jitter, so that clients disconnected together do not reconnect together.
    await pause(pauseMs * (0.5 + Math.random() / 2), signal)
  }
}

async function* connect(
  operation: OperationSpec,
  input: AnyInput,
  options: ClientOptions & { signal: CallOptions['signal'] },
): AsyncGenerator<ServerEvent, void, undefined> {
  const { signal, timeoutMs = 30_000 } = options
  const { url, ...init } = toRequest(operation, input, options)
  const silence = new AbortController()
  const isSilent = () => silence.abort(new DOMException('The server says nothing.', 'TimeoutError'))
  let timer = setTimeout(isSilent, timeoutMs)
  const onActivity = () => {
    clearTimeout(timer)
    timer = setTimeout(isSilent, timeoutMs)
  }
  try {
    const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal
    const response = await (options.fetch ?? fetch)(url, { ...init, signal: either })
    if (!response.ok) throw new LatchkeyError(operation.id, response.status, await readBody(response))
    if (!response.body) return
    for await (const event of readEvents(response.body, onActivity)) {
      // The time that the consumer takes for an event does not count as inactivity.
      clearTimeout(timer)
      yield event
      onActivity()
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Whether a retry cannot succeed: a client error other than overload. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof LatchkeyError)) return error instanceof SyntaxError
  return error.status < 500 && error.status !== 408 && error.status !== 429
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

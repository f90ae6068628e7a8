import { type Api, api, type OperationSpec } from '@latchkey/api'
import type { AnyInput, CallOptions, ClientOptions, Item, Outcome, PagedId, Query, Requested, Result } from './call.ts'
import { LatchkeyError } from './error.ts'
import { follow } from './follow.ts'
import { itemsOf, pages } from './pages.ts'
import { readBody, toRequest } from './request.ts'

/** A method per operation (for a stream, an iterator over its events) and iterators over paginated lists. */
export type Client<Operations extends Record<string, OperationSpec> = Api> = {
  readonly [Id in keyof Operations]: (...input: Requested<Operations[Id]>) => Result<Operations[Id]>
} & {
  /** The pages of a list, one request each, until there is no next page. */
  pages<Id extends PagedId<Operations>>(
    id: Id,
    input?: Requested<Operations[Id]>[0],
    options?: CallOptions,
  ): AsyncGenerator<Outcome<Operations[Id]>, void, undefined>
  /** The items of a list, page after page. */
  all<Id extends PagedId<Operations>>(
    id: Id,
    input?: Requested<Operations[Id]>[0],
    options?: CallOptions,
  ): AsyncGenerator<Item<Outcome<Operations[Id]>>, void, undefined>
}

/**
 * Creates a client. Its methods resolve to the response body on success (undefined if there is none) and throw a
 * LatchkeyError for every other response: `hasResponse` narrows the error to a response that the operation declares.
 * Errors of `fetch` (no connection, timeout, abort) are not caught. A stream that fails after it has started is
 * resumed after its last event, with an unlimited number of retries.
 */
export function createClient(options: ClientOptions): Client
export function createClient<Operations extends Record<string, OperationSpec>>(
  options: ClientOptions,
  operations: Operations,
): Client<Operations>
export function createClient(options: ClientOptions, operations: Record<string, OperationSpec> = api): unknown {
  const call = (id: string, input: AnyInput = {}, callOptions: CallOptions = {}) => {
    const operation = operations[id]
    if (!operation) throw new TypeError(`There is no operation ${id}.`)
    return send(operation, input, options, callOptions)
  }
  const client: Record<string, unknown> = {}
  for (const [id, operation] of Object.entries(operations)) {
    if (operation.stream) {
      client[id] = (input: AnyInput = {}, { signal }: CallOptions = {}) =>
        follow(operation, input, { ...options, signal })
      continue
    }
    client[id] = async (input?: AnyInput, callOptions?: CallOptions) => (await call(id, input, callOptions)).body
  }
  client.pages = (id: string, input?: AnyInput, callOptions?: CallOptions) =>
    pages((query: Query) => call(id, { ...input, query }, callOptions), input?.query)
  client.all = async function* (id: string, input?: AnyInput, callOptions?: CallOptions) {
    const lists = pages((query: Query) => call(id, { ...input, query }, callOptions), input?.query)
    for await (const list of lists) yield* itemsOf(list)
  }
  return client
}

async function send(
  operation: OperationSpec,
  input: AnyInput,
  options: ClientOptions,
  callOptions: CallOptions,
): Promise<{ body: unknown; link: string | null }> {
  const { url, ...init } = toRequest(operation, input, options)
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000)
  const signal = callOptions.signal ? AbortSignal.any([callOptions.signal, timeout]) : timeout
  const response = await (options.fetch ?? fetch)(url, { ...init, signal })
  callOptions.onAnswer?.({ status: response.status, headers: response.headers })
  const body = await readBody(response)
  if (!response.ok) throw new LatchkeyError(operation.id, response.status, body)
  return { body, link: response.headers.get('link') }
}

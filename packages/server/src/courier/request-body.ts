import type { IdentityConfig } from '../kernel/config/index.ts'
import { readSource, SourceError, type SourceOptions } from '../kernel/config/source.ts'
import type { Context } from '../kernel/context.ts'
import { JsonnetError, parseJsonnet } from '../kernel/jsonnet/index.ts'
import { bodyFrom, bodyTypeOf } from '../kernel/jsonnet/request-body.ts'
import { DeliveryError } from './channel.ts'

export type RequestConfig = NonNullable<IdentityConfig['courier']['http']['request_config']>

/** The name of a snippet in error messages: its URL can be as long as the snippet. */
const name = 'body'

const snippets = new WeakMap<RequestConfig, string>()

/** The keys of a request that cannot be used. */
export interface RequestProblem {
  key: 'body' | 'headers'
  expected: string
  found: string
}

/** Loads the Jsonnet of the body. Call it for every request before it is used. */
export async function loadRequestBody(config: RequestConfig, options: SourceOptions): Promise<RequestProblem[]> {
  const { body, headers } = config
  if (body === undefined) return []
  if (!bodyTypeOf(headers)) {
    const expected = 'the content type application/json or application/x-www-form-urlencoded, as there is a body'
    return [{ key: 'headers', expected, found: 'another' }]
  }
  try {
    const text = await readSource(body, options)
    await parseJsonnet({ name, text })
    snippets.set(config, text)
    return []
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof JsonnetError)) throw error
    return [{ key: 'body', expected: 'a Jsonnet snippet', found: error.message }]
  }
}

/** The body of the request that delivers a message: what the snippet makes of its data, or the data as JSON. */
export async function requestBody(ctx: Context, config: RequestConfig, data: object): Promise<string> {
  if (config.body === undefined) return JSON.stringify(data)
  const text = snippets.get(config)
  const type = bodyTypeOf(config.headers)
  if (text === undefined || !type) throw new Error('the request was used before its body was loaded')
  const body = await bodyFrom({ name, text }, { owner: ctx.project.id, data, type }).catch((error: unknown) => {
    if (!(error instanceof JsonnetError)) throw error
    throw new DeliveryError(`the Jsonnet of the request failed${placeIn(error)}`)
  })
  if (body === undefined) throw new DeliveryError('the Jsonnet of the request canceled it', { permanent: true })
  return body
}

/** Where the snippet failed. The text of the error can contain the code of the message, which no log may show. */
function placeIn({ message }: JsonnetError): string {
  const [place] = /\bbody:[\d:()-]*\d/.exec(message) ?? []
  return place ? ` at ${place}` : ''
}

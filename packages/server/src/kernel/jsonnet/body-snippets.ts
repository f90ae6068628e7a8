import { readSource, SourceError, type SourceOptions } from '../config/source.ts'
import type { Context } from '../context.ts'
import { isRemote, refreshHourly } from '../refresh-hourly.ts'
import { JsonnetError, parseJsonnet } from './index.ts'
import { bodyFrom, bodyTypeOf } from './request-body.ts'

/** A configured request whose body is made by the Jsonnet of the URL `body`. */
export interface RequestWithSnippet {
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
}

export function hasSnippet<R extends RequestWithSnippet>(request: R): request is R & { readonly body: string } {
  return request.body !== undefined
}

/** A key of a request that cannot be used. */
export interface RequestProblem {
  key: 'body' | 'headers'
  expected: string
  found: string
}

/** The URL of a snippet; one without a scheme is the path of a file, as in Kratos. */
export function snippetUrl(body: string): string {
  return /^[a-z0-9]+:\/\//i.test(body) ? body : `file://${body}`
}

/** The name of a snippet in error messages: its URL can be as long as the snippet. */
const name = 'body'

const loaded = new WeakMap<RequestWithSnippet, string>()

/** Loads the Jsonnet of a request. Call it for every request of a configuration before it is used. */
export async function loadBodySnippet(request: RequestWithSnippet, options: SourceOptions): Promise<RequestProblem[]> {
  if (request.body === undefined) return []
  if (!bodyTypeOf(request.headers)) {
    const expected = 'the content type application/json or application/x-www-form-urlencoded, as there is a body'
    return [{ key: 'headers', expected, found: 'another' }]
  }
  try {
    loaded.set(request, await readSnippet(snippetUrl(request.body), options))
    return []
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof JsonnetError)) throw error
    return [{ key: 'body', expected: 'a Jsonnet snippet', found: error.message }]
  }
}

/**
 * What the Jsonnet of a request makes of its data, in the content type of its headers; undefined if it cancels the
 * request. A remote snippet is read again every hour.
 * @throws JsonnetError
 */
export function bodyBySnippet(
  ctx: Context,
  request: RequestWithSnippet & { readonly body: string },
  data: object,
): Promise<string | undefined> {
  const text = loaded.get(request)
  const type = bodyTypeOf(request.headers)
  if (text === undefined || !type) throw new Error('the request was used before its body was loaded')
  if (isRemote(request.body)) {
    const options = { folder: undefined, fetch: ctx.fetch }
    refreshHourly(ctx, request, async () => void loaded.set(request, await readSnippet(request.body, options)))
  }
  return bodyFrom({ name, text }, { owner: ctx.project.id, data, type })
}

/** Where a snippet failed. The text of the error can contain the data, which no log may show. */
export function placeOfFailure({ message }: JsonnetError): string {
  const [place] = /\bbody:[\d:()-]*\d/.exec(message) ?? []
  return place ? ` at ${place}` : ''
}

async function readSnippet(url: string, options: SourceOptions): Promise<string> {
  const text = await readSource(url, options)
  await parseJsonnet({ name, text })
  return text
}

import type { OperationSpec } from '@latchkey/api'
import type { AnyInput, ClientOptions } from './call.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly credentials: 'include'
}

/**
 * The HTTP request of an operation. Accepts only JSON or an event stream, so that the server returns the redirect URL in
 * the body instead of redirecting.
 */
export function toRequest(operation: OperationSpec, input: AnyInput, options: ClientOptions): HttpRequest {
  const admin = operation.plane !== 'public'
  const base = (admin && options.adminUrl) || options.baseUrl
  const accept = operation.stream ? 'text/event-stream' : 'application/json'
  const headers: Record<string, string> = { ...options.headers, accept }
  if (admin && options.token) headers.authorization = `Bearer ${options.token}`
  const taken = operation.headers?.properties ?? {}
  if (options.sessionToken && 'x-session-token' in taken) headers['x-session-token'] = options.sessionToken
  if (options.cookie && !admin) headers.cookie = options.cookie
  for (const [name, value] of Object.entries(input.headers ?? {})) if (value !== undefined) headers[name] = value
  // A text body, such as a namespaces file, is sent unchanged.
  const isText = operation.body !== undefined && 'type' in operation.body && operation.body.type === 'string'
  if (input.body !== undefined) headers['content-type'] = isText ? 'text/plain' : 'application/json'
  return {
    url: base.replace(/\/+$/, '') + writePath(operation, input.params) + writeQuery(input.query),
    method: operation.method,
    headers,
    ...(input.body !== undefined && { body: isText ? String(input.body) : JSON.stringify(input.body) }),
    credentials: 'include',
  }
}

/** The parsed response body: text if it is not JSON, undefined if there is none. */
export async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  if (!response.headers.get('content-type')?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function writePath({ id, path }: OperationSpec, params: AnyInput['params'] = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    // An empty value or a dot segment would change the path to that of another operation.
    if (!value || value === '.' || value === '..') throw new TypeError(`${id} needs the parameter ${name}.`)
    return encodeURIComponent(value)
  })
}

function writeQuery(query: AnyInput['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one))
    }
  }
  const written = search.toString()
  return written && `?${written}`
}

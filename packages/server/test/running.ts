import { createProjectToken } from '../src/apikey/index.ts'
import { type AppOptions, createApp } from '../src/app/app.ts'
import { defaultProject } from '../src/configuration/index.ts'
import { createLogger } from '../src/kernel/log.ts'

/** A whole server on a database of its own that is called without a network, and everything that it logs. */
export async function openApp(options: Partial<AppOptions> = {}) {
  const lines: string[] = []
  const log = createLogger({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const loaded = options.loaded ?? (await defaultProject({ port: 4000, mode: 'dev' }))
  const app = await createApp({ dsn: 'memory', log, ...options, loaded })
  const token = await createProjectToken(app.ctx, 'test')
  const at = (name: string) => app.listeners.find((one) => one.name === name) ?? app.listeners[0]

  async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, request: Request = {}) {
    const { json, text, headers, listener = 'public', address } = request
    const http = at(listener)?.http
    if (!http) throw new Error('there is no listener')
    const answer = await http.inject({
      method,
      url: path,
      headers: {
        accept: 'application/json',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { payload: JSON.stringify(json) }),
      ...(text !== undefined && { payload: text }),
      ...(address && { remoteAddress: address }),
    })
    const isJson = /^[[{]/.test(answer.payload)
    // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was answered
    const body: any = isJson ? JSON.parse(answer.payload) : answer.payload
    return { status: answer.statusCode, headers: answer.headers, body }
  }

  /** Begins a flow of an app and submits each of the bodies to it. Gives the last answer. */
  async function flow(name: string, submissions: object[], request: Pick<Request, 'headers' | 'address'> = {}) {
    const begun = await call('GET', `/self-service/${name}/api`, request)
    let answer = begun
    for (const json of submissions) {
      answer = await call('POST', `/self-service/${name}?flow=${begun.body.id}`, { ...request, json })
    }
    return answer
  }
  return { app, token, lines, call, flow, close: () => app.close() }
}

interface Request {
  json?: unknown
  /** A body as it is. */
  text?: string
  headers?: Record<string, string>
  listener?: 'public' | 'admin'
  /** Where the request comes from; loopback unless told. */
  address?: string
}

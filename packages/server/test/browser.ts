import type { LightMyRequestResponse } from 'fastify'
import type { App } from '../src/app/app.ts'
import { createApp } from '../src/app/app.ts'
import { defaultProject, type Loaded } from '../src/configuration/index.ts'
import { createLogger } from '../src/kernel/log.ts'
import { movableClock } from './courier.ts'

export type Changes = Partial<Pick<Loaded, 'mode'>> & {
  identity?: (identity: Loaded['config']['identity']) => Loaded['config']['identity']
  accountExperience?: Partial<Loaded['config']['accountExperience']>
  token?: string
}

/** The built-in project on a database of its own, with a clock that can be moved; nothing listens. */
export async function openSite({
  mode = 'dev',
  identity = (same) => same,
  accountExperience = {},
  token,
}: Changes = {}) {
  const loaded = await defaultProject({ port: 4000, mode: 'dev' })
  const changed = identity({
    ...loaded.config.identity,
    hashers: { ...loaded.config.identity.hashers, bcrypt: { cost: 4 } },
  })
  const clock = movableClock()
  const app: App = await createApp({
    loaded: {
      ...loaded,
      mode,
      originals: ['kratos'],
      config: {
        ...loaded.config,
        identity: changed,
        accountExperience: { ...loaded.config.accountExperience, ...accountExperience },
      },
    },
    dsn: 'memory',
    log: createLogger({ level: 'panic' }),
    clock,
    firstSteps: { token: () => token, tokenCommand: 'make a token' },
  })
  return {
    app,
    clock,
    visitor: (headers: Record<string, string> = {}) => new Visitor(app, headers),
    close: () => app.close(),
  }
}

/** A browser as far as the server can tell: it keeps cookies and follows redirects. */
export class Visitor {
  private readonly cookies = new Map<string, string>()
  private readonly app: App
  private readonly headers: Record<string, string>

  constructor(app: App, headers: Record<string, string>) {
    this.app = app
    this.headers = { host: 'localhost:4000', accept: 'text/html', ...headers }
  }

  get(path: string): Promise<LightMyRequestResponse> {
    return this.send('GET', path)
  }

  /** Opens an address and whatever it leads to; gives the last answer and its path. */
  async open(path: string): Promise<{ path: string; answer: LightMyRequestResponse; text: string }> {
    return this.follow(path, await this.get(path))
  }

  async post(
    path: string,
    fields: Record<string, string>,
  ): Promise<{ path: string; answer: LightMyRequestResponse; text: string }> {
    return this.follow(path, await this.send('POST', path, new URLSearchParams(fields).toString()))
  }

  /** Fills in the form of a page and submits it. */
  submit(page: string, fields: Record<string, string>) {
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? ''
    const token = /name="csrf_token" value="([^"]*)"/.exec(page)?.[1] ?? ''
    return this.post(relative(action.replaceAll('&amp;', '&')), { csrf_token: token, ...fields })
  }

  async send(method: 'GET' | 'POST', path: string, payload?: string): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...this.headers,
      ...(cookie && { cookie }),
      ...(payload !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    const http = this.app.listeners[0]?.http
    if (!http) throw new Error('the app has no listener')
    const answer = await http.inject({ method, url: path, headers, ...(payload !== undefined && { payload }) })
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  private async follow(path: string, first: LightMyRequestResponse) {
    let [at, answer] = [path, first]
    for (let hops = 0; answer.headers.location !== undefined; hops++) {
      if (hops === 10) throw new Error(`sent round and round at ${at}`)
      at = relative(String(answer.headers.location))
      answer = await this.get(at)
    }
    return { path: at, answer, text: answer.payload }
  }
}

function relative(address: string): string {
  const { pathname, search } = new URL(address, 'http://localhost:4000')
  return pathname + search
}

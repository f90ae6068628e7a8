import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import type { Context } from '../src/kernel/context.ts'
import { guardedFetch } from '../src/kernel/fetch.ts'
import { systemRandom } from '../src/kernel/random.ts'
import type { ProviderConfig } from '../src/selfservice/methods/oidc/config.ts'
import { providerOf } from '../src/selfservice/methods/oidc/providers/index.ts'
import type { ProviderCall } from '../src/selfservice/methods/oidc/providers/provider.ts'
import { movableClock } from './courier.ts'
import { providerConfig } from './openid-provider.ts'

/** One request to a provider. `url` is the one that the server meant. */
export interface Asked {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  text: string
}

type Answer = object | string | ((asked: Asked) => object | string)

/** Servers of providers on loopback, which answer by host name and path as their documentation says. */
export async function openHosts() {
  const answers = new Map<string, Answer>()
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const url = new URL(`https://${(request.url ?? '').slice(1)}`)
    const one = { method: request.method ?? '', url, headers: request.headers, text }
    asked.push(one)
    const answer = answers.get(`${url.host}${url.pathname}`)
    const body = typeof answer === 'function' ? answer(one) : answer
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
      connection: 'close',
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const fetch = guardedFetch({ allowPrivate: true })
  const clock = movableClock()
  const ctx = {
    project: { id: systemRandom.uuid() },
    log: pino({ level: 'silent' }),
    ...{ clock, random: systemRandom },
    fetch: (url: string, init?: object) => fetch(url.replace(/^https:\/\//, base), init),
  } as unknown as Context

  const callTo = (own: Partial<ProviderConfig>): ProviderCall => ({
    ...{ ctx, config: providerConfig(own) },
    redirectUri: 'https://id.example/callback',
  })

  return {
    ...{ ctx, asked, clock, callTo },
    /** Answers at these addresses, without their scheme. */
    answer(at: Record<string, Answer>) {
      for (const [place, answer] of Object.entries(at)) answers.set(place, answer)
    },
    /** Signs in at a provider with a code. */
    async signIn(own: Partial<ProviderConfig>, returned: Record<string, string> = {}, isForced = false) {
      const at = callTo(own)
      const provider = providerOf(at.config)
      const { url, kept } = await provider.begin(at, { state: 'a-state', isForced, parameters: {} })
      const query = new URLSearchParams({ code: 'a-code', state: 'a-state', ...returned })
      return { url: new URL(url), kept, vouched: await provider.complete(at, query, kept) }
    },
    /** The form of the last request to an address. */
    formAt(place: string): Record<string, string> {
      const found = asked.filter(({ url }) => `${url.host}${url.pathname}` === place).at(-1)
      return Object.fromEntries(new URLSearchParams(found?.text))
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  text: string
}

/** A server on loopback that web hooks call: it keeps what it got and answers what it is told to. */
export async function openHookTarget() {
  const received: Received[] = []
  const answers = new Map<string, { status: number; body?: unknown; headers?: Record<string, string> }>()
  let waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const text = Buffer.concat(chunks).toString('utf8')
      received.push({ method: request.method ?? '', path, headers: request.headers, text })
      const { status, body, headers } = answers.get(path) ?? { status: 200 }
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(body === undefined ? '' : JSON.stringify(body))
      for (const wake of waiting) wake()
      waiting = []
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    answers,
    at: (path: string) => received.filter((one) => one.path === path),
    /** Resolves once a path has been called so many times. */
    async called(path: string, times = 1): Promise<Received> {
      for (;;) {
        const found = received.filter((one) => one.path === path)[times - 1]
        if (found) return found
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
